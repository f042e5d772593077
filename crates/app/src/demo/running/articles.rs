//! What the connected shop sells, as its catalogue file has it: a data table. Brands and numbers are invented. Some of it is
//! gone by the eighth week, when the warehouse in Yiwu counts.

/// An article of the catalogue.
pub struct Article {
    pub sku: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub es: &'static str,
    pub ru: &'static str,
    pub category: &'static str,
    pub attributes: &'static str,
    /// US cents.
    pub price: i64,
    /// Number of its page on the platform.
    pub platform_id: &'static str,
    /// How many there are when the catalogue comes, and when the warehouse counts.
    pub stock: [i64; 2],
}

/// The tent for two is offered in place of the one that is gone, whatever else is like it.
pub const PINS: &[(&str, &str)] = &[("QH-TNT-2P-GN", "QH-TNT-2P-PRO"), ("QH-LMP-R3", "QH-LMP-R5")];

const fn article(
    sku: &'static str,
    titles: [&'static str; 4],
    (category, attributes): (&'static str, &'static str),
    price: i64,
    platform_id: &'static str,
    stock: [i64; 2],
) -> Article {
    let [zh, en, es, ru] = titles;
    Article { sku, zh, en, es, ru, category, attributes, price, platform_id, stock }
}

#[rustfmt::skip]
pub const ARTICLES: &[Article] = &[
    article("QH-TNT-2P-GN", ["双人帐篷 20D 硅胶 军绿", "2-person tent, 20D silnylon, army green", "Tienda de campaña para 2, nailon siliconado 20D, verde", "Палатка двухместная, силнейлон 20D, зелёная"], ("帐篷", "颜色:军绿;人数:2;面料:20D 硅胶尼龙"), 8_990, "1005006138842107", [64, 0]),
    article("QH-TNT-2P-OR", ["双人帐篷 20D 硅胶 橙色", "2-person tent, 20D silnylon, orange", "Tienda de campaña para 2, nailon siliconado 20D, naranja", "Палатка двухместная, силнейлон 20D, оранжевая"], ("帐篷", "颜色:橙;人数:2;面料:20D 硅胶尼龙"), 8_990, "1005006138842114", [51, 23]),
    article("QH-TNT-2P-PRO", ["双人四季帐篷 铝杆 雪裙", "2-person 4-season tent, aluminium poles, snow skirt", "Tienda 4 estaciones para 2, varillas de aluminio", "Палатка двухместная всесезонная, алюминиевые дуги"], ("帐篷", "颜色:军绿;人数:2;面料:40D 尼龙"), 10_450, "1005006138900371", [30, 18]),
    article("QH-TNT-3P", ["三人帐篷 自动速开", "3-person instant tent", "Tienda instantánea para 3 personas", "Палатка трёхместная, автоматическая"], ("帐篷", "颜色:蓝;人数:3;面料:190T 涤纶"), 6_750, "1005006138955020", [40, 12]),
    article("QH-BAG-M5", ["羽绒睡袋 -5℃ 800蓬", "Down sleeping bag -5 °C, 800 fill", "Saco de dormir de plumón -5 °C, 800 cuin", "Спальный мешок пуховый, -5 °C, 800 FP"], ("睡袋", "颜色:深蓝;温标:-5;填充:800蓬鹅绒"), 11_900, "1005005871120436", [22, 9]),
    article("QH-BAG-0", ["羽绒睡袋 0℃ 700蓬", "Down sleeping bag 0 °C, 700 fill", "Saco de dormir de plumón 0 °C, 700 cuin", "Спальный мешок пуховый, 0 °C, 700 FP"], ("睡袋", "颜色:深蓝;温标:0;填充:700蓬鸭绒"), 9_400, "1005005871120442", [35, 14]),
    article("QH-PAD-R4", ["充气防潮垫 R值4.2", "Inflatable sleeping pad, R 4.2", "Esterilla hinchable, R 4,2", "Надувной коврик, R 4,2"], ("防潮垫", "颜色:灰;R值:4.2;重量:520克"), 4_250, "1005005993417708", [120, 77]),
    article("QH-CHR-M", ["月亮椅 承重150公斤 黑", "Folding chair \"Moon\", 150 kg, black", "Silla plegable \"Moon\", 150 kg, negra", "Складное кресло «Луна», до 150 кг, чёрное"], ("折叠椅", "颜色:黑;承重:150公斤"), 3_490, "1005006020716653", [210, 96]),
    article("QH-CHR-M-KH", ["月亮椅 承重150公斤 卡其", "Folding chair \"Moon\", 150 kg, khaki", "Silla plegable \"Moon\", 150 kg, caqui", "Складное кресло «Луна», до 150 кг, хаки"], ("折叠椅", "颜色:卡其;承重:150公斤"), 3_490, "1005006020716660", [180, 0]),
    article("QH-CHR-HB", ["高背月亮椅 带枕头", "High-back folding chair with pillow", "Silla plegable de respaldo alto con almohada", "Складное кресло с высокой спинкой и подушкой"], ("折叠椅", "颜色:卡其;承重:150公斤"), 4_590, "1005006020733102", [75, 41]),
    article("QH-TBL-70", ["蛋卷桌 70厘米 铝合金", "Roll-up camping table, 70 cm, aluminium", "Mesa enrollable de camping, 70 cm, aluminio", "Стол складной рулонный, 70 см, алюминий"], ("折叠桌", "颜色:黑;长度:70厘米"), 4_490, "1005006044180925", [66, 31]),
    article("QH-LMP-R3", ["露营灯 充电 三色温", "Rechargeable camping lantern, 3 colours", "Farol de camping recargable, 3 tonos", "Кемпинговый фонарь аккумуляторный, 3 режима"], ("照明", "颜色:米白;供电:USB-C 充电"), 1_890, "1005005752290814", [300, 0]),
    article("QH-LMP-R5", ["露营灯 充电 复古 可调光", "Rechargeable retro lantern, dimmable", "Farol retro recargable, regulable", "Ретро-фонарь аккумуляторный, с регулировкой"], ("照明", "颜色:米白;供电:USB-C 充电"), 2_150, "1005005752290877", [140, 88]),
    article("QH-LMP-ST", ["露营串灯 10米 暖光", "Camping string lights, 10 m, warm white", "Guirnalda de luces de camping, 10 m", "Гирлянда кемпинговая, 10 м, тёплый свет"], ("照明", "颜色:暖光;供电:USB"), 1_690, "1005005752291403", [160, 102]),
    article("QH-HLP-1K", ["头灯 1000流明 USB-C", "Headlamp 1000 lm, USB-C", "Linterna frontal 1000 lm, USB-C", "Налобный фонарь 1000 лм, USB-C"], ("照明", "颜色:黑;供电:内置锂电池"), 2_150, "1005005760018346", [240, 133]),
    article("QH-MUG-TI", ["钛杯 450毫升 折叠手柄", "Titanium mug 450 ml, folding handles", "Taza de titanio 450 ml", "Титановая кружка 450 мл"], ("餐具", "材质:纯钛;容量:450毫升"), 1_590, "1005005488203391", [190, 110]),
    article("QH-CKS-2", ["双人铝锅套装 7件", "Cooking set for 2, aluminium, 7 pieces", "Juego de cocina para 2, aluminio, 7 piezas", "Набор посуды на двоих, алюминий, 7 предметов"], ("餐具", "材质:铝;人数:2"), 2_790, "1005005488230054", [85, 37]),
    article("QH-STV-PZ", ["气炉 电子点火 便携", "Gas stove with piezo ignition", "Hornillo de gas con piezoeléctrico", "Газовая горелка с пьезоподжигом"], ("炉具", "颜色:银;点火:电子"), 1_990, "1005005501186627", [150, 64]),
    article("QH-POL-CF", ["碳纤维登山杖 一对", "Carbon trekking poles, pair", "Bastones de trekking de carbono, par", "Треккинговые палки карбоновые, пара"], ("登山杖", "材质:碳纤维;长度:65-135厘米"), 3_990, "1005005630472218", [58, 26]),
    article("QH-POL-AL", ["铝合金登山杖 一对", "Aluminium trekking poles, pair", "Bastones de trekking de aluminio, par", "Треккинговые палки алюминиевые, пара"], ("登山杖", "材质:铝合金;长度:65-135厘米"), 2_490, "1005005630472225", [90, 55]),
    article("QH-HMK-NT", ["带蚊帐吊床 双人", "Double hammock with mosquito net", "Hamaca doble con mosquitera", "Гамак двухместный с москитной сеткой"], ("吊床", "颜色:墨绿;承重:200公斤"), 2_950, "1005005689917740", [70, 29]),
    article("QH-TRP-34", ["天幕 3×4米 含地钉", "Tarp 3 × 4 m, with pegs", "Toldo 3 × 4 m, con piquetas", "Тент 3 × 4 м, с колышками"], ("天幕", "颜色:卡其;尺寸:3×4米"), 3_190, "1005005702265519", [48, 20]),
    article("QH-DRY-20", ["防水袋 20升 带肩带", "Waterproof dry bag 20 L", "Bolsa estanca 20 L", "Гермомешок 20 л"], ("收纳", "颜色:黄;容量:20升"), 1_290, "1005005344108862", [400, 251]),
    article("QH-PEG-12", ["铝合金地钉 12支装", "Aluminium tent pegs, 12 pcs", "Piquetas de aluminio, 12 uds.", "Колышки алюминиевые, 12 шт."], ("配件", "材质:铝;数量:12"), 890, "1005005344110093", [500, 380]),
];

/// The article of a number; the tables of this demo name no other.
pub fn article_of(sku: &str) -> Option<&'static Article> {
    ARTICLES.iter().find(|article| article.sku == sku)
}

/// The seller's catalogue, as exported from the shop.
pub fn catalogue() -> Vec<u8> {
    let header = [
        "商品编码",
        "中文标题",
        "英文标题",
        "西班牙语标题",
        "俄语标题",
        "类目",
        "规格",
        "单价",
        "币种",
        "库存",
        "平台商品ID",
        "商品链接",
    ];
    let mut csv = line(&header.map(String::from));
    for one in ARTICLES {
        csv.push_str(&line(&[
            one.sku.into(),
            one.zh.into(),
            one.en.into(),
            one.es.into(),
            one.ru.into(),
            one.category.into(),
            one.attributes.into(),
            format!("{}.{:02}", one.price / 100, one.price % 100),
            "USD".into(),
            one.stock[0].to_string(),
            one.platform_id.into(),
            format!("https://www.aliexpress.com/item/{}.html", one.platform_id),
        ]));
    }
    csv.into_bytes()
}

/// What the warehouse counted: number and quantity, nothing else.
pub fn counted() -> Vec<u8> {
    let mut csv = line(&["商品编码", "库存"].map(String::from));
    for one in ARTICLES {
        csv.push_str(&line(&[one.sku.into(), one.stock[1].to_string()]));
    }
    csv.into_bytes()
}

fn line(fields: &[String]) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
    quoted.join(",") + "\r\n"
}
