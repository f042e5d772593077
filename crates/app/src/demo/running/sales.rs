//! Data table: what the connected shop sells in the demo, and what becomes of each order. People, streets and numbers are
//! invented; telephone numbers are of the ranges kept for examples where a country has one. Times are the firm's
//! (`t(days ago, hour, minute)`); the demo stands still at `t(0, 8, 0)`, a Monday.

use dunlin_core::order::asks::AskKind;

use super::{Address, Event as E, Sale, scan, t};

const fn to(
    name: &'static str,
    (country, postcode): (&'static str, &'static str),
    province: &'static str,
    city: &'static str,
    street: &'static str,
    phone: &'static str,
) -> Address {
    Address { name, country, province, city, street, postcode, phone }
}

/// The order whose buyer answered with her full name and address.
pub const ANSWERED: u64 = 8_190_246_613_270_985;

#[rustfmt::skip]
pub const SALES: &[Sale] = &[
    // Placed and not paid: of tonight, of Saturday, of last week, and one that the platform is about to close.
    Sale {
        number: 8_190_347_261_540_318, login: "es1184720356ovae", buyer: "Nerea Galdeano Ortiz",
        to: to("Nerea Galdeano Ortiz", ("ES", "31006"), "Navarra", "Pamplona", "Calle Olite 214, 2.º izda.", "+34 600 000 118"),
        goods: &[("QH-CHR-M", 2)], placed: t(1, 23, 10), events: &[],
    },
    Sale {
        number: 8_190_331_870_226_745, login: "br2093341178qkme", buyer: "Caio Brandão Quintanilha",
        to: to("Caio Brandão Quintanilha", ("BR", "88015-902"), "Santa Catarina", "Florianópolis", "Rua das Ostras 1450, ap. 302", "+55 48 90000 0117"),
        goods: &[("QH-HMK-NT", 1)], placed: t(2, 9, 40), events: &[],
    },
    Sale {
        number: 8_189_902_417_735_061, login: "ru1765520934vxut", buyer: "Анна Вершинина",
        to: to("Вершинина Анна Павловна", ("RU", "630091"), "Новосибирская область", "Новосибирск", "ул. Ольховая, д. 17, кв. 42", "+7 900 000-01-17"),
        goods: &[("QH-BAG-0", 1)], placed: t(7, 20, 5), events: &[],
    },
    Sale {
        number: 8_189_344_056_918_273, login: "fr1409937725zrol", buyer: "Maëlle Kerdoncuff",
        to: to("Maëlle Kerdoncuff", ("FR", "29200"), "Finistère", "Brest", "14 rue des Goémoniers", "+33 6 39 98 01 17"),
        goods: &[("QH-POL-CF", 1), ("QH-DRY-20", 2)], placed: t(18, 16, 0), events: &[],
    },
    Sale {
        number: 8_190_288_613_007_452, login: "pl1530082267abae", buyer: "Bartosz Gąsiorek",
        to: to("Bartosz Gąsiorek", ("PL", "61-712"), "wielkopolskie", "Poznań", "ul. Wierzbowa 118 m. 6", "+48 500 000 117"),
        goods: &[("QH-TNT-3P", 1), ("QH-PAD-R4", 2)], placed: t(3, 21, 30), events: &[],
    },
    // Silent, reminded, and paid in the end.
    Sale {
        number: 8_189_801_552_640_397, login: "us1927745063qkme", buyer: "Hailey Ostrander",
        to: to("Hailey Ostrander", ("US", "80202"), "Colorado", "Denver", "2210 Juniper Flats Rd, Apt 4", "+1 303 555 0117"),
        goods: &[("QH-STV-PZ", 1), ("QH-MUG-TI", 2)], placed: t(9, 8, 20),
        events: &[(t(6, 23, 15), E::Paid), (t(5, 12, 40), E::Cleared), (t(4, 10, 20), E::InStock)],
    },
    // The platform is looking at the money.
    Sale {
        number: 8_190_352_904_118_660, login: "us1830047752vxut", buyer: "Garrett McAllaster",
        to: to("Garrett McAllaster", ("US", "97209"), "Oregon", "Portland", "815 NW Alder Loop", "+1 503 555 0142"),
        goods: &[("QH-TNT-2P-OR", 1)], placed: t(0, 2, 0), events: &[(t(0, 2, 15), E::Paid)],
    },
    Sale {
        number: 8_190_345_117_802_934, login: "it1276630918zrol", buyer: "Arianna Bevilacquesi",
        to: to("Arianna Bevilacquesi", ("IT", "10121"), "Torino", "Torino", "Via dei Gelsi 86", "+39 320 000 0117"),
        goods: &[("QH-CKS-2", 1), ("QH-STV-PZ", 1)], placed: t(1, 14, 10), events: &[(t(1, 14, 30), E::Paid)],
    },
    // It did not let the money pass.
    Sale {
        number: 8_190_199_735_461_208, login: "mx1654419820abae", buyer: "Ximena Tovar Luna",
        to: to("Ximena Tovar Luna", ("MX", "44100"), "Jalisco", "Guadalajara", "Calle Jacarandas 517, int. 3", "+52 33 5555 0117"),
        goods: &[("QH-BAG-M5", 2)], placed: t(4, 9, 50), events: &[(t(4, 10, 5), E::Paid), (t(3, 7, 30), E::ClosedByRiskControl)],
    },
    Sale {
        number: 8_188_650_228_914_576, login: "it1398874410qkme", buyer: "Samuele Zanellato",
        to: to("Samuele Zanellato", ("IT", "37121"), "Verona", "Verona", "Vicolo Corniolo 9", "+39 320 000 0121"),
        goods: &[("QH-CHR-HB", 1)], placed: t(31, 3, 25), events: &[(t(11, 3, 25), E::ClosedUnpaid)],
    },
    // Paid, and not in stock. The first letter about each waits for a yes; one was told last week already.
    Sale {
        number: 8_190_255_480_673_119, login: "es1093385571vxut", buyer: "Iker Urrutia Casasnovas",
        to: to("Iker Urrutia Casasnovas", ("ES", "48009"), "Bizkaia", "Bilbao", "Calle Astigarraga 33, 5.º C", "+34 600 000 121"),
        goods: &[("QH-TNT-2P-GN", 1)], placed: t(3, 10, 40),
        events: &[(t(3, 11, 0), E::Paid), (t(3, 22, 10), E::Cleared), (t(2, 10, 30), E::Missing(&[0]))],
    },
    Sale {
        number: 8_190_148_892_530_647, login: "ru1880216439abae", buyer: "Дмитрий Осокин",
        to: to("Осокин Дмитрий Игоревич", ("RU", "443010"), "Самарская область", "Самара", "ул. Чагринская, д. 8, кв. 91", "+7 900 000-01-21"),
        goods: &[("QH-LMP-ST", 1), ("QH-LMP-R3", 2)], placed: t(7, 13, 30),
        events: &[(t(7, 13, 45), E::Paid), (t(7, 23, 20), E::Cleared), (t(6, 10, 30), E::Missing(&[1]))],
    },
    Sale {
        number: 8_190_231_067_945_820, login: "br1975520346zrol", buyer: "Larissa Antunes Lobo",
        to: to("Larissa Antunes Lobo", ("BR", "30130-110"), "Minas Gerais", "Belo Horizonte", "Rua dos Ipês 702, sala 2", "+55 31 90000 0121"),
        goods: &[("QH-CHR-M-KH", 2)], placed: t(5, 6, 15),
        events: &[(t(5, 6, 30), E::Paid), (t(5, 21, 0), E::Cleared), (t(4, 14, 0), E::Missing(&[0]))],
    },
    // Paid, and nobody has looked at the shelf.
    Sale {
        number: 8_190_340_775_129_408, login: "us1706638215abae", buyer: "Naomi Whitcomb",
        to: to("Naomi Whitcomb", ("US", "04101"), "Maine", "Portland", "61 Lantern Street", "+1 207 555 0117"),
        goods: &[("QH-LMP-R5", 2), ("QH-LMP-ST", 1)], placed: t(2, 23, 5), events: &[(t(2, 23, 20), E::Paid), (t(1, 21, 50), E::Cleared)],
    },
    Sale {
        number: 8_190_336_208_551_793, login: "pt1124478036vxut", buyer: "Leonor Cascalheira",
        to: to("Leonor Cascalheira", ("PT", "4050-290"), "Porto", "Porto", "Rua do Alecrim Bravo 120, 3.º D", "+351 910 000 117"),
        goods: &[("QH-TRP-34", 1)], placed: t(2, 17, 45), events: &[(t(2, 18, 0), E::Paid), (t(1, 15, 10), E::Cleared)],
    },
    // In stock, and kept here.
    Sale {
        number: 8_190_270_339_816_054, login: "jp1467719920qkme", buyer: "Haruka Kisaragi",
        to: to("如月 遥", ("JP", "606-8001"), "京都府", "京都市左京区", "山端大塚町 9-4-201", "+81 90 0000 0117"),
        goods: &[("QH-CHR-HB", 2)], placed: t(4, 8, 55),
        events: &[(t(4, 9, 10), E::Paid), (t(4, 19, 30), E::Cleared), (t(3, 9, 45), E::InStock), (t(3, 9, 50), E::Held("一把椅子的枕头有污渍，等工厂周一送来替换件"))],
    },
    // The country wants the full legal name; the answer came on Sunday and waits for somebody to look at it.
    Sale {
        number: ANSWERED, login: "ru1542290873zrol", buyer: "Ольга Сафонова",
        to: to("Ольга Сафонова", ("RU", "620014"), "Свердловская область", "Екатеринбург", "ул. Рябинкина, д. 74", "+7 900 000-01-30"),
        goods: &[("QH-TNT-2P-OR", 1), ("QH-PEG-12", 1)], placed: t(4, 13, 20),
        events: &[
            (t(4, 13, 35), E::Paid), (t(3, 8, 5), E::Cleared), (t(3, 10, 15), E::InStock),
            (t(1, 10, 15), E::Answered("Здравствуйте!\nФИО: Сафонова Ольга Дмитриевна\nАдрес: г. Екатеринбург, ул. Рябинкина, д. 74, кв. 118\nИндекс: 620014\nТелефон: +7 900 000-01-31\nСпасибо!")),
        ],
    },
    Sale {
        number: 8_190_318_504_962_177, login: "br1619903342vxut", buyer: "Valdirene",
        to: to("Valdirene", ("BR", "69005-070"), "Amazonas", "Manaus", "Travessa Jatobá 88", "+55 92 90000 0130"),
        goods: &[("QH-DRY-20", 3)], placed: t(2, 7, 30), events: &[(t(2, 7, 45), E::Paid), (t(1, 20, 40), E::Cleared)],
    },
    Sale {
        number: 8_190_301_127_745_386, login: "us1733309451qkme", buyer: "Trevor Delacroix",
        to: to("Trevor Delacroix", ("US", "59715"), "Montana", "Bozeman", "408 Larkspur Ct", "+1 406 555 0117"),
        goods: &[("QH-HLP-1K", 2)], placed: t(3, 6, 10),
        events: &[
            (t(3, 6, 25), E::Paid), (t(3, 20, 0), E::Cleared), (t(2, 9, 30), E::InStock),
            (t(2, 9, 40), E::Ask { kind: AskKind::Customs, holds: true, words: "头灯内置锂电池，请买家确认报关品名和真实价值" }),
            (t(1, 22, 30), E::Answered("Hi, that is fine.\nGoods: rechargeable headlamp with built-in lithium battery, 2 pcs\nValue: 43.00 USD")),
        ],
    },
    // What buyers wish before it leaves: another address, one parcel for two orders, a present.
    Sale {
        number: 8_190_290_846_331_502, login: "es1250047719abae", buyer: "Marina Requena Solano",
        to: to("Marina Requena Solano", ("ES", "28012"), "Madrid", "Madrid", "Calle del Olivillo 41, 1.º A", "+34 600 000 130"),
        goods: &[("QH-TBL-70", 1), ("QH-CHR-M", 2)], placed: t(3, 16, 20),
        events: &[
            (t(3, 16, 40), E::Paid), (t(2, 8, 15), E::Cleared), (t(2, 11, 0), E::InStock),
            (t(1, 17, 40), E::Ask { kind: AskKind::AddressChange, holds: true, words: "Me mudo el viernes. ¿Pueden enviarlo a mi nueva dirección en Valencia?" }),
            (t(1, 18, 5), E::Answered("Dirección: Calle de Sagunto Viejo 18, 3.º B\nValencia\n\nCódigo postal: 46009\nTeléfono: +34 600 000 131")),
        ],
    },
    Sale {
        number: 8_190_312_779_408_265, login: "de1301186625zrol", buyer: "Mira Brünjes",
        to: to("Mira Brünjes", ("DE", "28199"), "Bremen", "Bremen", "Kornblumenweg 27", "+49 30 23125 117"),
        goods: &[("QH-HMK-NT", 1)], placed: t(2, 15, 5),
        events: &[
            (t(2, 15, 20), E::Paid), (t(1, 9, 10), E::Cleared), (t(1, 14, 20), E::InStock),
            (t(1, 15, 0), E::Ask { kind: AskKind::Combine, holds: true, words: "Können Sie meine beiden Bestellungen zusammen in einem Paket schicken?" }),
        ],
    },
    Sale {
        number: 8_190_313_265_940_871, login: "de1301186625zrol", buyer: "Mira Brünjes",
        to: to("Mira Brünjes", ("DE", "28199"), "Bremen", "Bremen", "Kornblumenweg 27", "+49 30 23125 117"),
        goods: &[("QH-TRP-34", 1)], placed: t(2, 15, 30),
        events: &[(t(2, 15, 40), E::Paid), (t(1, 9, 12), E::Cleared), (t(1, 14, 22), E::InStock)],
    },
    Sale {
        number: 8_190_322_640_187_359, login: "fr1588820147vxut", buyer: "Capucine Marchesseau",
        to: to("Capucine Marchesseau", ("FR", "69007"), "Rhône", "Lyon", "5 impasse des Tilleuls Verts", "+33 6 39 98 01 21"),
        goods: &[("QH-MUG-TI", 2)], placed: t(2, 19, 10),
        events: &[
            (t(2, 19, 25), E::Paid), (t(1, 11, 30), E::Cleared), (t(1, 14, 30), E::InStock),
            (t(0, 6, 10), E::Ask { kind: AskKind::Wish, holds: false, words: "C’est un cadeau : pas de facture dans le colis, s’il vous plaît, et un petit mot « Joyeux anniversaire, Hugo »." }),
        ],
    },
    // Ready: the clock of the platform runs.
    Sale {
        number: 8_189_955_108_672_440, login: "pl1683370925qkme", buyer: "Zofia Żółkoś",
        to: to("Zofia Żółkoś", ("PL", "80-264"), "pomorskie", "Gdańsk", "ul. Mewia 9 m. 14", "+48 500 000 121"),
        goods: &[("QH-POL-AL", 2)], placed: t(7, 16, 45),
        events: &[(t(7, 17, 0), E::Paid), (t(6, 9, 40), E::Cleared), (t(5, 10, 10), E::InStock)],
    },
    Sale {
        number: 8_190_080_317_555_926, login: "it1440091853abae", buyer: "Giada Montefiori",
        to: to("Giada Montefiori", ("IT", "40123"), "Bologna", "Bologna", "Via Saragozzina 15", "+39 320 000 0130"),
        goods: &[("QH-LMP-R5", 1), ("QH-TBL-70", 1)], placed: t(6, 8, 10),
        events: &[(t(6, 8, 30), E::Paid), (t(6, 20, 20), E::Cleared), (t(5, 10, 12), E::InStock)],
    },
    Sale {
        number: 8_190_133_928_460_713, login: "ca1390027718vxut", buyer: "Maude Belhumeur",
        to: to("Maude Belhumeur", ("CA", "H2J 2L1"), "Québec", "Montréal", "4471 rue des Merisiers", "+1 514 555 0117"),
        goods: &[("QH-BAG-0", 1), ("QH-PAD-R4", 1)], placed: t(5, 18, 40),
        events: &[(t(5, 19, 0), E::Paid), (t(4, 11, 15), E::Cleared), (t(3, 10, 5), E::InStock)],
    },
    // One of two parcels has left.
    Sale {
        number: 8_189_899_470_236_158, login: "nl1277740386zrol", buyer: "Fenna Hoekzema",
        to: to("Fenna Hoekzema", ("NL", "9712 TG"), "Groningen", "Groningen", "Lijsterbeslaan 62", "+31 6 00000117"),
        goods: &[("QH-TNT-3P", 1), ("QH-CHR-HB", 2)], placed: t(8, 18, 0),
        events: &[
            (t(8, 18, 20), E::Paid), (t(7, 8, 40), E::Cleared), (t(6, 10, 0), E::InStock),
            (t(4, 16, 30), E::PartShipped { carrier: "yunexpress", number: "YT2611621250047716" }),
            (t(4, 20, 10), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(2, 6, 45), scan("InTransit_Other", "Arrived at sort facility", "Shenzhen, CN")),
        ],
    },
    // On the way, as it should be.
    Sale {
        number: 8_190_004_771_803_562, login: "gb1186650294qkme", buyer: "Freya Ashcombe",
        to: to("Freya Ashcombe", ("GB", "BS3 1TT"), "Bristol", "Bristol", "23 Teasel Walk", "+44 7700 900117"),
        goods: &[("QH-LMP-ST", 2)], placed: t(6, 17, 20),
        events: &[
            (t(6, 17, 35), E::Paid), (t(5, 9, 50), E::Cleared), (t(4, 10, 0), E::InStock),
            (t(1, 18, 30), E::Shipped { carrier: "cainiao", number: "LP00716284035517" }),
            (t(1, 18, 40), scan("InfoReceived", "Electronic order information received", "")),
        ],
    },
    Sale {
        number: 8_189_422_915_670_384, login: "ru1798862043abae", buyer: "Сергей Брусникин",
        to: to("Брусникин Сергей Олегович", ("RU", "420111"), "Республика Татарстан", "Казань", "ул. Камышовая, д. 5, кв. 7", "+7 900 000-01-40"),
        goods: &[("QH-CHR-M", 1), ("QH-TBL-70", 1)], placed: t(17, 14, 0),
        events: &[
            (t(17, 14, 15), E::Paid), (t(16, 7, 20), E::Cleared), (t(15, 10, 5), E::InStock),
            (t(14, 16, 30), E::Shipped { carrier: "china_post", number: "LX472183560CN" }),
            (t(13, 21, 10), scan("InTransit_PickedUp", "Принято в отделении связи", "Иу, Китай")),
            (t(9, 5, 30), scan("InTransit_Departure", "Покинуло страну отправления", "Шанхай")),
            (t(3, 15, 40), scan("InTransit_Other", "Прибыло в сортировочный центр", "Москва")),
        ],
    },
    Sale {
        number: 8_189_560_338_147_925, login: "cl1522097734vxut", buyer: "Antonia Undurraga Pino",
        to: to("Antonia Undurraga Pino", ("CL", "7500000"), "Región Metropolitana", "Providencia", "Pasaje Los Quillayes 1182", "+56 9 0000 0117"),
        goods: &[("QH-TNT-2P-PRO", 1)], placed: t(14, 20, 10),
        events: &[
            (t(14, 20, 30), E::Paid), (t(13, 9, 0), E::Cleared), (t(12, 10, 0), E::InStock),
            (t(11, 16, 30), E::Shipped { carrier: "4px", number: "4PX3002617748205CN" }),
            (t(11, 21, 30), scan("InTransit_PickedUp", "Parcel received by 4PX", "Yiwu, CN")),
            (t(3, 19, 0), scan("InTransit_Departure", "Departed from the country of origin", "Shenzhen, CN")),
        ],
    },
    Sale {
        number: 8_189_603_825_491_067, login: "us1644478120zrol", buyer: "Ethan Kowalchuk",
        to: to("Ethan Kowalchuk", ("US", "55408"), "Minnesota", "Minneapolis", "3119 Cattail Ave S", "+1 612 555 0117"),
        goods: &[("QH-POL-CF", 1)], placed: t(13, 10, 30),
        events: &[
            (t(13, 10, 45), E::Paid), (t(12, 8, 30), E::Cleared), (t(11, 10, 5), E::InStock),
            (t(10, 16, 30), E::Shipped { carrier: "yunexpress", number: "YT2610921250031184" }),
            (t(10, 20, 0), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(7, 23, 30), scan("InTransit_Departure", "Flight departed", "Hong Kong")),
            (t(2, 2, 20), scan("InTransit_Arrival", "Arrived at destination airport", "Chicago, US")),
        ],
    },
    // Stuck in customs: one has not moved for two weeks, of one they ask for papers.
    Sale {
        number: 8_188_922_640_735_819, login: "br1430025569qkme", buyer: "Thiago Figueirôa",
        to: to("Thiago Figueirôa", ("BR", "50030-230"), "Pernambuco", "Recife", "Rua da Aurora Nova 305, ap. 1201", "+55 81 90000 0140"),
        goods: &[("QH-BAG-M5", 1)], placed: t(36, 9, 15),
        events: &[
            (t(36, 9, 30), E::Paid), (t(35, 8, 0), E::Cleared), (t(34, 10, 0), E::InStock),
            (t(33, 16, 30), E::Shipped { carrier: "yanwen", number: "UG138472055YP" }),
            (t(32, 20, 15), scan("InTransit_PickedUp", "Picked up by Yanwen", "Hangzhou, CN")),
            (t(26, 4, 0), scan("InTransit_Departure", "Departed from origin country", "Guangzhou, CN")),
            (t(18, 22, 10), scan("InTransit_Arrival", "Objeto recebido no Brasil", "Curitiba, BR")),
            (t(14, 23, 45), scan("InTransit_CustomsProcessing", "Em fiscalização aduaneira", "Curitiba, BR")),
        ],
    },
    Sale {
        number: 8_189_311_754_028_693, login: "kz1709934182abae", buyer: "Айгерим Сейтжанова",
        to: to("Сейтжанова Айгерим Маратовна", ("KZ", "050010"), "", "Алматы", "ул. Жидели, д. 61, кв. 12", "+7 700 000 01 17"),
        goods: &[("QH-HLP-1K", 3), ("QH-CKS-2", 1)], placed: t(20, 12, 0),
        events: &[
            (t(20, 12, 15), E::Paid), (t(19, 8, 10), E::Cleared), (t(18, 10, 0), E::InStock),
            (t(17, 16, 30), E::Shipped { carrier: "china_ems", number: "EV902134755CN" }),
            (t(16, 18, 0), scan("InTransit_PickedUp", "Posting", "Yiwu, CN")),
            (t(12, 3, 20), scan("InTransit_Departure", "Departure from outward office of exchange", "Urumqi, CN")),
            (t(4, 14, 0), scan("InTransit_Arrival", "Прибыло в страну назначения", "Алматы")),
            (t(2, 13, 30), scan("InTransit_CustomsRequiringInformation", "Таможня запросила сведения о товаре", "Алматы")),
        ],
    },
    // At the post office, and in a locker.
    Sale {
        number: 8_189_207_446_319_508, login: "es1376640285vxut", buyer: "Álvaro Bermejo Ríos",
        to: to("Álvaro Bermejo Ríos", ("ES", "41003"), "Sevilla", "Sevilla", "Calle Feria Alta 72, bajo", "+34 600 000 140"),
        goods: &[("QH-MUG-TI", 2), ("QH-STV-PZ", 1)], placed: t(23, 17, 0),
        events: &[
            (t(23, 17, 20), E::Paid), (t(22, 8, 0), E::Cleared), (t(21, 10, 0), E::InStock),
            (t(20, 16, 30), E::Shipped { carrier: "cainiao", number: "LP00694417382261" }),
            (t(19, 19, 0), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(14, 2, 30), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(7, 17, 15), scan("InTransit_Arrival", "Llegada a país de destino", "Madrid, ES")),
            (t(3, 18, 20), scan("AvailableForPickup_Other", "Disponible para recoger en oficina", "Sevilla, ES")),
        ],
    },
    Sale {
        number: 8_189_388_120_645_937, login: "pl1490078326zrol", buyer: "Hanna Wróblewicz",
        to: to("Hanna Wróblewicz", ("PL", "50-345"), "dolnośląskie", "Wrocław", "ul. Jarzębinowa 31 m. 2", "+48 500 000 130"),
        goods: &[("QH-PAD-R4", 1)], placed: t(18, 19, 0),
        events: &[
            (t(18, 19, 15), E::Paid), (t(17, 8, 30), E::Cleared), (t(16, 10, 0), E::InStock),
            (t(15, 16, 30), E::Shipped { carrier: "cainiao", number: "LP00699102846630" }),
            (t(14, 20, 0), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(8, 3, 10), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(4, 16, 0), scan("InTransit_Arrival", "Przesyłka dotarła do kraju doręczenia", "Warszawa, PL")),
            (t(1, 16, 40), scan("AvailableForPickup_Other", "Umieszczono w automacie paczkowym", "Wrocław, PL")),
        ],
    },
    // At the door: this morning, and in vain.
    Sale {
        number: 8_189_511_837_004_216, login: "au1230094471qkme", buyer: "Matilda Burridge",
        to: to("Matilda Burridge", ("AU", "2042"), "New South Wales", "Newtown", "17 Bottlebrush Lane", "+61 491 570 006"),
        goods: &[("QH-TRP-34", 1), ("QH-PEG-12", 2)], placed: t(16, 9, 0),
        events: &[
            (t(16, 9, 15), E::Paid), (t(15, 8, 0), E::Cleared), (t(14, 10, 0), E::InStock),
            (t(13, 16, 30), E::Shipped { carrier: "yunexpress", number: "YT2610521250020937" }),
            (t(12, 20, 0), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(8, 1, 0), scan("InTransit_Departure", "Flight departed", "Shenzhen, CN")),
            (t(3, 9, 0), scan("InTransit_Arrival", "Arrived in Australia", "Sydney, AU")),
            (t(0, 6, 30), scan("OutForDelivery_Other", "On board for delivery today", "Newtown, AU")),
        ],
    },
    Sale {
        number: 8_189_293_506_871_140, login: "gb1347710968abae", buyer: "Rhys Hollingbery",
        to: to("Rhys Hollingbery", ("GB", "CF11 9LB"), "Cardiff", "Cardiff", "8 Marram Close", "+44 7700 900121"),
        goods: &[("QH-CHR-M", 1)], placed: t(21, 20, 0),
        events: &[
            (t(21, 20, 15), E::Paid), (t(20, 8, 30), E::Cleared), (t(19, 10, 0), E::InStock),
            (t(18, 16, 30), E::Shipped { carrier: "cainiao", number: "LP00696620157348" }),
            (t(17, 20, 0), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(11, 3, 0), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(6, 18, 0), scan("InTransit_Arrival", "Item received in United Kingdom", "Heathrow, GB")),
            (t(2, 19, 30), scan("DeliveryFailure_NoBody", "We tried to deliver: nobody in", "Cardiff, GB")),
        ],
    },
    // On its way back, lost, damaged.
    Sale {
        number: 8_189_048_219_360_785, login: "mx1588831042vxut", buyer: "Leonel Ochoa Rivas",
        to: to("Leonel Ochoa Rivas", ("MX", "64000"), "Nuevo León", "Monterrey", "Privada Encinos 240", "+52 81 5555 0121"),
        goods: &[("QH-CKS-2", 1)], placed: t(29, 10, 0),
        events: &[
            (t(29, 10, 15), E::Paid), (t(28, 8, 0), E::Cleared), (t(27, 10, 0), E::InStock),
            (t(26, 16, 30), E::Shipped { carrier: "yunexpress", number: "YT2609221250011502" }),
            (t(25, 20, 0), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(20, 1, 0), scan("InTransit_Departure", "Flight departed", "Hong Kong")),
            (t(12, 23, 0), scan("InTransit_Arrival", "Llegó al país de destino", "Ciudad de México, MX")),
            (t(8, 23, 30), scan("DeliveryFailure_InvalidAddress", "Domicilio incompleto", "Monterrey, MX")),
            (t(3, 23, 50), scan("Exception_Returning", "En devolución al remitente", "Monterrey, MX")),
        ],
    },
    Sale {
        number: 8_188_871_065_927_403, login: "cl1466620957qkme", buyer: "Vicente Sanhueza",
        to: to("Vicente Sanhueza Cayupán", ("CL", "4030000"), "Biobío", "Concepción", "Calle Los Maquis 655", "+56 9 0000 0121"),
        goods: &[("QH-POL-AL", 1), ("QH-DRY-20", 1)], placed: t(38, 11, 0),
        events: &[
            (t(38, 11, 15), E::Paid), (t(37, 8, 0), E::Cleared), (t(36, 10, 0), E::InStock),
            (t(35, 16, 30), E::Shipped { carrier: "yanwen", number: "UG138609142YP" }),
            (t(34, 20, 0), scan("InTransit_PickedUp", "Picked up by Yanwen", "Hangzhou, CN")),
            (t(28, 4, 0), scan("InTransit_Departure", "Departed from origin country", "Guangzhou, CN")),
            (t(17, 21, 0), scan("InTransit_Arrival", "Recibido en Chile", "Santiago, CL")),
            (t(3, 22, 40), scan("Exception_Lost", "Envío extraviado, investigación cerrada", "Santiago, CL")),
        ],
    },
    Sale {
        number: 8_189_166_730_548_291, login: "us1559940073abae", buyer: "Wyatt Thornbury",
        to: to("Wyatt Thornbury", ("US", "78704"), "Texas", "Austin", "1907 Switchgrass Dr", "+1 512 555 0117"),
        goods: &[("QH-LMP-R5", 2)], placed: t(25, 9, 0),
        events: &[
            (t(25, 9, 15), E::Paid), (t(24, 8, 0), E::Cleared), (t(23, 10, 0), E::InStock),
            (t(22, 16, 30), E::Shipped { carrier: "4px", number: "4PX3002598801473CN" }),
            (t(21, 20, 0), scan("InTransit_PickedUp", "Parcel received by 4PX", "Yiwu, CN")),
            (t(16, 2, 0), scan("InTransit_Departure", "Departed from the country of origin", "Shenzhen, CN")),
            (t(10, 4, 0), scan("InTransit_Arrival", "Arrived at destination airport", "Los Angeles, US")),
            (t(2, 3, 30), scan("Exception_Damage", "Package damaged in transit, contents broken", "Austin, US")),
        ],
    },
    // Later than usual; and near the end of the buyer's protection.
    Sale {
        number: 8_189_130_584_277_966, login: "fr1620035518zrol", buyer: "Bastien Grandvoinnet",
        to: to("Bastien Grandvoinnet", ("FR", "33000"), "Gironde", "Bordeaux", "31 cours des Acacias Blancs", "+33 6 39 98 01 30"),
        goods: &[("QH-HMK-NT", 1)], placed: t(29, 18, 0),
        events: &[
            (t(29, 18, 20), E::Paid), (t(28, 8, 30), E::Cleared), (t(27, 10, 5), E::InStock),
            (t(26, 16, 40), E::Shipped { carrier: "cainiao", number: "LP00690235518804" }),
            (t(25, 20, 10), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(18, 3, 0), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(8, 17, 0), scan("InTransit_Other", "En cours d’acheminement", "Roissy, FR")),
        ],
    },
    Sale {
        number: 8_188_520_417_960_332, login: "br1503327784qkme", buyer: "Bruna Brandão",
        to: to("Bruna Brandão da Luz", ("BR", "60115-191"), "Ceará", "Fortaleza", "Rua Carnaubal 410", "+55 85 90000 0150"),
        goods: &[("QH-POL-CF", 1)], placed: t(47, 9, 0),
        events: &[
            (t(47, 9, 15), E::Paid), (t(46, 8, 0), E::Cleared), (t(45, 10, 0), E::InStock),
            (t(42, 16, 30), E::Shipped { carrier: "china_post", number: "RV604182733CN" }),
            (t(40, 20, 0), scan("InTransit_PickedUp", "Posting", "Yiwu, CN")),
            (t(31, 4, 0), scan("InTransit_Departure", "Departure from outward office of exchange", "Shanghai, CN")),
            (t(13, 23, 0), scan("InTransit_Arrival", "Objeto recebido no Brasil", "Curitiba, BR")),
        ],
    },
    // Delivered.
    Sale {
        number: 8_189_233_971_805_614, login: "es1417739056abae", buyer: "Lucía Casasnovas",
        to: to("Lucía Casasnovas Prat", ("ES", "07001"), "Illes Balears", "Palma", "Carrer dels Ullastres 6", "+34 600 000 150"),
        goods: &[("QH-CHR-HB", 1)], placed: t(22, 18, 0),
        events: &[
            (t(22, 18, 15), E::Paid), (t(21, 8, 0), E::Cleared), (t(20, 10, 0), E::InStock),
            (t(19, 16, 30), E::Shipped { carrier: "cainiao", number: "LP00695530174429" }),
            (t(18, 20, 0), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(12, 3, 0), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(5, 17, 0), scan("InTransit_Arrival", "Llegada a país de destino", "Madrid, ES")),
            (t(1, 17, 30), scan("Delivered_Other", "Entregado al destinatario", "Palma, ES")),
            (t(1, 19, 0), E::Received),
        ],
    },
    Sale {
        number: 8_189_090_156_734_827, login: "pl1368850172vxut", buyer: "Kacper Niedźwiecki",
        to: to("Kacper Niedźwiecki", ("PL", "30-063"), "małopolskie", "Kraków", "ul. Cisowa 44 m. 8", "+48 500 000 140"),
        goods: &[("QH-TNT-2P-OR", 1), ("QH-PAD-R4", 1)], placed: t(26, 17, 0),
        events: &[
            (t(26, 17, 15), E::Paid), (t(25, 8, 0), E::Cleared), (t(24, 10, 0), E::InStock),
            (t(23, 16, 30), E::Shipped { carrier: "cainiao", number: "LP00692248806175" }),
            (t(22, 20, 0), scan("InTransit_PickedUp", "Accepted by carrier", "Hangzhou, CN")),
            (t(15, 3, 0), scan("InTransit_Departure", "Departed country of origin", "Hangzhou, CN")),
            (t(9, 16, 0), scan("InTransit_Arrival", "Przesyłka dotarła do kraju doręczenia", "Warszawa, PL")),
            (t(4, 19, 20), scan("Delivered_Other", "Doręczono", "Kraków, PL")),
            (t(3, 16, 0), E::Received),
        ],
    },
    Sale {
        number: 8_188_705_331_482_950, login: "ru1451107368qkme", buyer: "Мария Тростникова",
        to: to("Тростникова Мария Андреевна", ("RU", "190005"), "", "Санкт-Петербург", "Измайловский пер., д. 3, кв. 25", "+7 900 000-01-50"),
        goods: &[("QH-LMP-ST", 2)], placed: t(44, 15, 0),
        events: &[
            (t(44, 15, 15), E::Paid), (t(43, 8, 0), E::Cleared), (t(42, 10, 0), E::InStock),
            (t(41, 16, 30), E::Shipped { carrier: "china_post", number: "LY739102645CN" }),
            (t(40, 20, 5), scan("InTransit_PickedUp", "Принято в отделении связи", "Иу, Китай")),
            (t(35, 5, 0), scan("InTransit_Departure", "Покинуло страну отправления", "Шанхай")),
            (t(24, 16, 0), scan("InTransit_Arrival", "Прибыло на территорию России", "Санкт-Петербург")),
            (t(17, 18, 0), scan("Delivered_Other", "Вручение адресату", "Санкт-Петербург")),
            (t(16, 20, 0), E::Received), (t(14, 20, 0), E::Completed),
        ],
    },
    Sale {
        number: 8_188_633_790_156_482, login: "us1320098847zrol", buyer: "Ruby Coolahan",
        to: to("Ruby Coolahan", ("US", "98107"), "Washington", "Seattle", "5540 Salal Way NW", "+1 206 555 0117"),
        goods: &[("QH-TNT-2P-PRO", 1)], placed: t(46, 10, 0),
        events: &[
            (t(46, 10, 15), E::Paid), (t(45, 8, 5), E::Cleared), (t(44, 10, 0), E::InStock),
            (t(43, 16, 30), E::Shipped { carrier: "yunexpress", number: "YT2607521250004461" }),
            (t(42, 20, 0), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(39, 1, 0), scan("InTransit_Departure", "Flight departed", "Hong Kong")),
            (t(35, 4, 0), scan("InTransit_Arrival", "Arrived at destination airport", "Seattle, US")),
            (t(32, 5, 30), scan("Delivered_Other", "Delivered, front door", "Seattle, US")),
            (t(31, 9, 0), E::Received), (t(29, 9, 0), E::Completed),
        ],
    },
    // At odds, stopped by the platform, called off, given back.
    Sale {
        number: 8_189_015_682_903_374, login: "fr1277708431abae", buyer: "Loïc Tourrette",
        to: to("Loïc Tourrette", ("FR", "44000"), "Loire-Atlantique", "Nantes", "2 quai des Saules Gris", "+33 6 39 98 01 40"),
        goods: &[("QH-BAG-0", 1)], placed: t(30, 17, 0),
        events: &[
            (t(30, 17, 15), E::Paid), (t(29, 8, 0), E::Cleared), (t(28, 10, 0), E::InStock),
            (t(27, 16, 30), E::Shipped { carrier: "yunexpress", number: "YT2609121250009018" }),
            (t(26, 20, 0), scan("InTransit_PickedUp", "Shipment picked up", "Yiwu, CN")),
            (t(21, 1, 0), scan("InTransit_Departure", "Flight departed", "Shenzhen, CN")),
            (t(15, 16, 0), scan("InTransit_Arrival", "Arrivé dans le pays de destination", "Roissy, FR")),
            (t(9, 19, 0), scan("Delivered_Other", "Livré", "Nantes, FR")),
            (t(3, 17, 45), E::Disputed),
        ],
    },
    Sale {
        number: 8_190_177_340_652_089, login: "ng1604473920vxut", buyer: "Chidera Okonkwo-Bell",
        to: to("Chidera Okonkwo-Bell", ("NG", "100001"), "Lagos", "Ikeja", "12 Palmgrove Crescent", "+234 800 000 0117"),
        goods: &[("QH-HLP-1K", 4)], placed: t(4, 18, 0), events: &[(t(4, 18, 20), E::Paid), (t(3, 15, 0), E::Cleared), (t(2, 12, 0), E::Frozen)],
    },
    Sale {
        number: 8_189_644_092_517_338, login: "es1530026847zrol", buyer: "Gorka Iriarteta",
        to: to("Gorka Iriarteta Bengoa", ("ES", "20004"), "Gipuzkoa", "San Sebastián", "Calle Zumardi 19, 4.º", "+34 600 000 160"),
        goods: &[("QH-LMP-R3", 2)], placed: t(12, 10, 0),
        events: &[
            (t(12, 10, 15), E::Paid), (t(11, 8, 0), E::Cleared), (t(11, 10, 30), E::Missing(&[0])),
            (t(9, 18, 0), E::CancelAsked), (t(8, 9, 0), E::Cancelled),
        ],
    },
    Sale {
        number: 8_188_761_948_230_657, login: "br1388840261abae", buyer: "Iara Penteado",
        to: to("Iara Penteado Viana", ("BR", "01310-940"), "São Paulo", "São Paulo", "Alameda Pitangueiras 77, ap. 51", "+55 11 90000 0160"),
        goods: &[("QH-MUG-TI", 4)], placed: t(43, 9, 0),
        events: &[
            (t(43, 9, 15), E::Paid), (t(42, 8, 30), E::Cleared), (t(41, 10, 0), E::InStock),
            (t(40, 16, 30), E::Shipped { carrier: "china_post", number: "RB502773165CN" }),
            (t(39, 20, 5), scan("InTransit_PickedUp", "Posting", "Yiwu, CN")),
            (t(30, 4, 30), scan("InTransit_Departure", "Departure from outward office of exchange", "Shanghai, CN")),
            (t(12, 22, 0), E::Disputed), (t(8, 15, 0), E::Refunded),
        ],
    },
];
