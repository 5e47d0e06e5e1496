//! Who calls, as the head of a request tells it: for hosts whose pages and cookies are their own.
//!
//! Invariants: of two cookies of a name neither counts, for one was planted; a foreign origin hides neither behind ours nor
//! behind letters that do not read; who is nobody's peer (a request without an address) is a stranger.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::{HeaderMap, header};

use crate::{Encrypted, Peer};

/// What is known of whoever calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What the head of the request says.
    pub headers: HeaderMap,
    peer: Option<IpAddr>,
    /// Whether it came over TLS of this listener.
    pub encrypted: bool,
}

impl Caller {
    /// With these headers, from this address; nobody's peer is a stranger.
    pub fn new(headers: HeaderMap, peer: Option<Peer>, encrypted: Option<Encrypted>) -> Self {
        let encrypted = encrypted.is_some_and(|Encrypted(encrypted)| encrypted);
        Caller { headers, peer: peer.map(|Peer(address)| address.ip()), encrypted }
    }

    /// From which address it comes; through a proxy on this machine, what that says (the last `X-Forwarded-For`).
    pub fn address(&self) -> Option<IpAddr> {
        let peer = self.peer?;
        if !peer.is_loopback() {
            return Some(peer);
        }
        let lines = self.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let last = lines.flat_map(|line| line.split(',')).next_back();
        Some(last.and_then(address).unwrap_or(peer))
    }

    /// On this very machine.
    pub fn is_local(&self) -> bool {
        self.peer.is_some_and(|peer| peer.is_loopback())
    }

    /// A cookie, where there is exactly one of this name: of two, one was planted.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut values = lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value);
        values.next().filter(|_| values.next().is_none())
    }

    /// The language they wish, of those that there are (RFC 9110, 12.5.4): what reads as `L`.
    pub fn language<L: FromStr>(&self) -> Option<L> {
        let wishes = self.header(header::ACCEPT_LANGUAGE)?.split(',').filter_map(|wish| {
            let (range, weight) = wish.split_once(';').unwrap_or((wish, ""));
            let language = range.trim().split('-').next()?.to_ascii_lowercase().parse::<L>().ok()?;
            let weight =
                weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
            (weight > 0.0).then_some((language, weight))
        });
        // Of equal ones the first.
        wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best }).map(|(language, _)| language)
    }

    /// A header, where there is exactly one of this name.
    pub fn only(&self, name: impl header::AsHeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        value.to_str().ok()
    }

    /// A header; of several, the first.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// As proxies write it: some with a port, some IPv4 in the dress of IPv6.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let address: Option<IpAddr> = alone.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address| address.to_canonical())
}

/// A cookie for our own pages alone.
pub fn cookie(name: &str, value: &str, max_age_s: u64, encrypted: bool) -> String {
    let secure = if encrypted { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}")
}

/// A cookie for our own pages, also where a page of another site frames them: what makes it foreign there (`SameSite`) is left
/// out, and each site that frames them has a jar of its own. It is taken over TLS alone, and from this very host where its name
/// begins with `__Host-`.
///
/// It is sent with what other sites ask, too. What keeps them from acting by it is [`is_same_origin`], which whoever changes
/// anything has to pass: a browser says with each such request of which origin the page is, and no page can say otherwise. What
/// is only looked at no other origin can read. Whoever gives out such a cookie must look there.
pub fn framed_cookie(name: &str, value: &str, max_age_s: u64) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=None; Max-Age={max_age_s}; Secure; Partitioned")
}

/// Whether a `Host` names this machine: by an address, which nobody can make another's, or by a name it is known to
/// have.
pub fn is_ours(host: &str, names: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => name,
        _ => host,
    };
    let name = name.trim_end_matches('.');
    let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    literal.unwrap_or(name).parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a request that changes something comes from a page of ours. A program that is no browser sends neither
/// header; it has no cookie by accident either.
pub fn is_same_origin(caller: &Caller, scheme: &str, host: &str) -> bool {
    let ours = format!("{scheme}://{host}");
    // All that there are, as bytes: a foreign one hides neither behind ours nor behind letters that do not read.
    let mut origins = caller.headers.get_all(header::ORIGIN).iter();
    let mut sites = caller.headers.get_all("sec-fetch-site").iter();
    origins.all(|origin| origin.as_bytes().eq_ignore_ascii_case(ours.as_bytes()))
        && sites.all(|site| site == "same-origin")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of a host.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Language {
        Ru,
        En,
    }

    impl FromStr for Language {
        type Err = ();

        fn from_str(text: &str) -> Result<Self, ()> {
            match text {
                "ru" => Ok(Language::Ru),
                "en" => Ok(Language::En),
                _ => Err(()),
            }
        }
    }

    #[test]
    fn a_proxy_on_this_machine_says_from_where() {
        let check = |peer: &str, lines: &[&'static str], expected: &str| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", header::HeaderValue::from_static(line));
            }
            let peer = Peer((peer.parse::<IpAddr>().unwrap(), 1).into());
            let caller = Caller::new(headers, Some(peer), None);
            assert_eq!(caller.address(), Some(expected.parse().unwrap()), "{lines:?}");
        };
        check("127.0.0.1", &["198.51.100.7"], "198.51.100.7");
        // What the client says itself comes before what the proxy adds.
        check("127.0.0.1", &["192.0.2.1, 198.51.100.7"], "198.51.100.7");
        check("127.0.0.1", &["192.0.2.1", "198.51.100.7"], "198.51.100.7");
        check("::1", &["2001:db8::1"], "2001:db8::1");
        // As some write it.
        check("127.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7");
        check("127.0.0.1", &["198.51.100.7:4711"], "198.51.100.7");
        check("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1");
        check("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1");
        check("127.0.0.1", &["nobody"], "127.0.0.1");
        check("127.0.0.1", &[], "127.0.0.1");
        // Anybody else speaks for themselves.
        check("203.0.113.9", &["198.51.100.7"], "203.0.113.9");
    }

    #[test]
    fn a_host_is_ours_by_address_or_by_a_known_name() {
        let names = ["gate.local".to_owned()];
        let check = |host, expected| assert_eq!(is_ours(host, &names), expected, "{host}");
        for ours in [
            "127.0.0.1:8480",
            "127.0.0.1",
            "[::1]:8480",
            "[::1]",
            "localhost",
            "LOCALHOST:80",
            "192.168.1.5:1",
        ] {
            check(ours, true);
        }
        check("gate.local:8480", true);
        check("Gate.Local.", true);
        for foreign in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8480",
            "gate.local.x",
            ":80",
        ] {
            check(foreign, false);
        }
    }

    #[test]
    fn the_wish_that_weighs_most_is_met() {
        let check = |wishes: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static(wishes));
            assert_eq!(Caller::new(headers, None, None).language(), expected, "{wishes}");
        };
        check("ru", Some(Language::Ru));
        check("en-GB,en;q=0.9", Some(Language::En));
        check("de, en;q=0.5, ru;q=0.7", Some(Language::Ru));
        check("RU-ru, en", Some(Language::Ru));
        check("en;q=0, ru;q=0.1", Some(Language::Ru));
        check("de", None);
        check("*", None);
        check("", None);
    }

    #[test]
    fn a_foreign_origin_cannot_hide() {
        let check = |name: &'static str, values: &[&[u8]], expected| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(name, header::HeaderValue::from_bytes(value).unwrap());
            }
            let caller = Caller::new(headers, None, None);
            assert_eq!(is_same_origin(&caller, "http", "gate.local:8480"), expected, "{name} {values:?}");
        };
        check("origin", &[], true);
        check("origin", &[b"http://gate.local:8480"], true);
        check("origin", &[b"https://gate.local:8480"], false);
        check("origin", &[b"null"], false);
        check("origin", &[b"http://evil.example"], false);
        check("origin", &[b"http://gate.local:8480", b"http://evil.example"], false);
        check("origin", &[b"http://evil.example/\xFF"], false);
        check("sec-fetch-site", &[b"same-origin"], true);
        check("sec-fetch-site", &[b"same-origin", b"cross-site"], false);
        check("sec-fetch-site", &[b"cross-site\xFF"], false);
    }

    #[test]
    fn a_host_that_is_there_twice_is_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, header::HeaderValue::from_static("127.0.0.1"));
        assert_eq!(Caller::new(headers.clone(), None, None).only(header::HOST), Some("127.0.0.1"));
        headers.append(header::HOST, header::HeaderValue::from_static("evil.example"));
        assert_eq!(Caller::new(headers, None, None).only(header::HOST), None);
    }

    #[test]
    fn a_cookie_that_is_there_twice_is_none() {
        let caller = |cookies: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for cookie in cookies {
                headers.append(header::COOKIE, header::HeaderValue::from_static(cookie));
            }
            Caller::new(headers, None, None)
        };
        assert_eq!(caller(&["a=1; b=2"]).cookie("b"), Some("2"));
        assert_eq!(caller(&["a=1", "b=2"]).cookie("a"), Some("1"));
        assert_eq!(caller(&["a=1; a=2"]).cookie("a"), None);
        assert_eq!(caller(&["aa=1"]).cookie("a"), None);
    }
}
