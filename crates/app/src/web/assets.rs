//! Style sheet, script and icons: first-party files inside the binary, served under `/assets/` with a hash.

use std::sync::LazyLock;

#[derive(rust_embed::RustEmbed)]
#[folder = "src/web/assets"]
struct Files;

/// The layers of the style sheet, in their order; served as one file.
const LAYERS: [&str; 23] = [
    "css/reset.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/rail.css",
    "css/phone.css",
    "css/components.css",
    "css/lists.css",
    "css/floating.css",
    "css/search.css",
    "css/forms.css",
    "css/pictures.css",
    "css/lookahead.css",
    "css/timeline.css",
    "css/pages.css",
    "css/letter.css",
    "css/rows.css",
    "css/today.css",
    "css/split.css",
    "css/entrance.css",
    "css/settings.css",
    "css/playbooks.css",
    "css/narrow.css",
];

/// The parts of the script, in their order; served as one module.
const SCRIPTS: [&str; 4] = ["app.js", "palette.js", "live.js", "playbooks.js"];

/// One file as it is served.
#[derive(Debug, Clone)]
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
    /// Changes with the content; also the `v` of [`url`] and fit for an `ETag` (quote it).
    pub hash: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let style: Vec<u8> = LAYERS.iter().flat_map(|name| file(name)).collect();
    vec![
        asset("app.css", "text/css; charset=utf-8", style),
        asset("app.js", "text/javascript; charset=utf-8", SCRIPTS.iter().flat_map(|name| file(name)).collect()),
        asset("icons.svg", "image/svg+xml", file("icons.svg")),
        asset("favicon.svg", "image/svg+xml", file("favicon.svg")),
    ]
});

fn file(name: &str) -> Vec<u8> {
    Files::get(name).map(|found| found.data.into_owned()).unwrap_or_default()
}

fn asset(name: &'static str, content_type: &'static str, bytes: Vec<u8>) -> Asset {
    let hash = format!("{:016x}", fnv1a(&bytes));
    Asset { name, content_type, bytes, hash }
}

/// FNV-1a: tells versions of our own files apart, nothing more.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The file served as `/assets/{name}`.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// `/assets/app.css?v=…`: may be cached for ever.
pub fn url(name: &str) -> String {
    let hash = find(name).map_or("", |asset| asset.hash.as_str());
    format!("/assets/{name}?v={hash}")
}

/// `/assets/icons.svg?v=…#name`: one picture of the icon sheet.
pub fn icon(name: &str) -> String {
    format!("{}#{name}", url("icons.svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_there() {
        for asset in ASSETS.iter() {
            assert!(!asset.bytes.is_empty(), "{}", asset.name);
        }
        for layer in LAYERS.into_iter().chain(SCRIPTS) {
            assert!(!file(layer).is_empty(), "{layer}");
        }
    }

    #[test]
    fn a_url_names_the_content() {
        assert!(url("app.css").starts_with("/assets/app.css?v="));
        assert!(find("css/base.css").is_none() && find("../Cargo.toml").is_none());
    }
}
