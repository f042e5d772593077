//! Whose word about where a guest comes from counts.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Proxies that stand before the pages.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// The pages have a public address, so that whatever comes from this machine comes through a proxy.
    is_public: bool,
    named: Vec<IpNet>,
}

impl Proxies {
    pub const fn new(is_public: bool, named: Vec<IpNet>) -> Self {
        Self { is_public, named }
    }

    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        (self.is_public && address.is_loopback()) || self.named.iter().any(|network| network.contains(&address))
    }

    /// The guest behind a connection. Each proxy adds whom it heard from, so the last word that is no proxy's own address is
    /// the first that none of ours has written; whatever stands before it came with the request.
    pub fn guest(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut guest = peer.to_canonical();
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        for word in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.has(guest) {
                break;
            }
            let Ok(told) = word.trim().parse::<IpAddr>() else { break };
            guest = told.to_canonical();
        }
        guest
    }
}

/// An address, or a network as `10.0.0.0/8`.
///
/// # Errors
/// What is neither, with what to write.
pub fn parse(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| format!("‘{text}’ is no address; write for instance 172.18.0.2 or 172.18.0.0/16"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(proxies: &Proxies, peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().expect("a value"));
        }
        proxies.guest(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn only_a_proxy_tells_who_comes() {
        let named = Proxies::new(true, vec![parse("172.18.0.0/16").expect("a network")]);
        assert_eq!(guest(&named, "127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(guest(&named, "::ffff:172.18.0.2", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(guest(&named, "203.0.113.9", &["198.51.100.7"]), "203.0.113.9", "a guest who says so himself");
        assert_eq!(guest(&Proxies::new(false, Vec::new()), "127.0.0.1", &["198.51.100.7"]), "127.0.0.1");
    }

    #[test]
    fn of_what_was_told_before_the_proxies_nothing_counts() {
        let named = Proxies::new(true, vec![parse("172.18.0.2").expect("an address")]);
        assert_eq!(guest(&named, "127.0.0.1", &["10.1.1.1, 198.51.100.7, 172.18.0.2"]), "198.51.100.7");
        assert_eq!(guest(&named, "127.0.0.1", &["10.1.1.1", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(guest(&named, "127.0.0.1", &["10.1.1.1, nonsense"]), "127.0.0.1");
        assert_eq!(guest(&named, "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_is_no_address_is_told() {
        assert!(parse("proxy.example").expect_err("a name").contains("172.18.0.0/16"));
        assert!(parse("10.0.0.0/33").is_err() && parse("2001:db8::/32").is_ok());
    }
}
