//! What the demo's marketplace shop sells, and to whom: a data table. All names are invented.

/// Product and price in US cents.
pub const GOODS: &[(&str, i64)] = &[
    ("Ultralight 2-person tent, 20D silnylon", 8_990),
    ("Camping lantern, rechargeable, 3 colours", 1_890),
    ("Folding chair \"Moon\", 150 kg", 3_490),
    ("Titanium mug 450 ml", 1_590),
    ("Down sleeping bag -5°C, 800 fill", 11_900),
    ("Inflatable sleeping pad, R 4.2", 4_250),
    ("Gas stove, piezo ignition", 1_990),
    ("Cooking set for 2, aluminium, 7 pieces", 2_790),
    ("Waterproof dry bag 20 L", 1_290),
    ("Trekking poles, carbon, pair", 3_990),
    ("Hammock with mosquito net", 2_950),
    ("Tarp 3 x 4 m, with pegs", 3_190),
    ("Headlamp 1000 lm, USB-C", 2_150),
    ("Roll-up camping table, 70 cm", 4_490),
    ("Tent pegs, aluminium, 12 pcs", 890),
    ("Paracord 550, 30 m", 690),
];

/// Country as the platform's export writes it, whether people there pay in euros, and people.
pub struct Market {
    pub country: &'static str,
    pub euro: bool,
    /// Login prefix.
    pub code: &'static str,
    pub given: &'static [&'static str],
    pub family: &'static [&'static str],
}

const fn market(
    country: &'static str,
    euro: bool,
    code: &'static str,
    given: &'static [&'static str],
    family: &'static [&'static str],
) -> Market {
    Market { country, euro, code, given, family }
}

#[rustfmt::skip]
pub const MARKETS: &[Market] = &[
    market("Spain", true, "es", &["Lucía", "Iker", "Marina", "Álvaro"], &["Requena Solano", "Urrutia", "Casasnovas", "Bermejo Ríos"]),
    market("France", true, "fr", &["Élodie", "Bastien", "Capucine", "Loïc"], &["Grandvoinnet", "Marchesseau", "Le Quellec", "Tourrette"]),
    market("Brazil", false, "br", &["Thiago", "Bruna", "Caio", "Larissa"], &["Figueirôa", "Antunes Lobo", "Quintanilha", "Brandão"]),
    market("Poland", false, "pl", &["Zofia", "Kacper", "Hanna", "Bartosz"], &["Wróblewicz", "Gąsiorek", "Niedźwiecka", "Żółkoś"]),
    market("Italy", true, "it", &["Giada", "Nicolò", "Arianna", "Samuele"], &["Bevilacquesi", "Montefiori", "Tagliaferro", "Zanellato"]),
    market("Germany", true, "de", &["Lea", "Torben", "Mira", "Jannik"], &["Rosskamp", "Ostermeyer", "Brünjes", "Vollmerhaus"]),
    market("Mexico", false, "mx", &["Ximena", "Emiliano", "Regina", "Leonel"], &["Tovar Luna", "Arizmendi", "Cuéllar Paz", "Ochoa Rivas"]),
    market("Chile", false, "cl", &["Antonia", "Vicente", "Maite", "Cristóbal"], &["Llanquileo", "Undurraga Pino", "Cayupán", "Sanhueza"]),
    market("United States", false, "us", &["Hailey", "Trevor", "Naomi", "Garrett"], &["Whitcomb", "Delacroix", "Ostrander", "McAllaster"]),
    market("United Kingdom", false, "uk", &["Poppy", "Alfie", "Freya", "Rhys"], &["Hollingbery", "Ashcombe", "Tregear", "Pritchett"]),
    market("Netherlands", true, "nl", &["Fenna", "Sjoerd", "Lotte", "Daan"], &["van der Weerd", "Hoekzema", "Terpstra", "Bruinsma"]),
    market("KR", false, "kr", &["Seo-yeon", "Min-jae", "Ha-eun", "Do-yoon"], &["Bang", "Tak", "Seonwoo", "Ok"]),
    market("Saudi Arabia", false, "sa", &["Reem", "Turki", "Lama", "Bandar"], &["Al-Ruwaished", "Al-Jubairi", "Al-Oqla", "Al-Hamlan"]),
    market("Portugal", true, "pt", &["Beatriz", "Tomás", "Leonor", "Duarte"], &["Cascalheira", "Penedo", "Vilhena", "Saldanha Reis"]),
    market("Australia", false, "au", &["Matilda", "Angus", "Ruby", "Lachlan"], &["Burridge", "Coolahan", "Thornbury", "Wagstaffe"]),
    market("Canada", false, "ca", &["Maude", "Ethan", "Océane", "Wyatt"], &["Belhumeur", "Kowalchuk", "Thibodeau-Roy", "Macsween"]),
    market("Japan", false, "jp", &["Haruka", "Sota", "Yui", "Ren"], &["Kisaragi", "Tsukumo", "Asahina", "Onodera"]),
    market("Czech Republic", false, "cz", &["Tereza", "Matěj", "Eliška", "Vojtěch"], &["Hrdličková", "Pospěch", "Vondrušková", "Zedníček"]),
];
