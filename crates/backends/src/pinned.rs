//! Connections that go to one resolved address and nowhere else: no redirect, no proxy.
//!
//! In: a URL and how far it may reach. Out: a client for exactly this host. Not here: what is sent.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::send::SendError;

const CONNECT: Duration = Duration::from_secs(10);

/// Which addresses a name may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    ThisComputer,
    /// Private ones too, but for those under which clouds hand out credentials.
    Private,
    Public,
}

/// A client that connects to the address that the URL's host has now, and nowhere else.
///
/// # Errors
/// [`SendError::Unreachable`]; [`SendError::Refused`] for an address out of reach.
pub(crate) async fn client(
    url: &reqwest::Url,
    reach: Reach,
    timeout: Duration,
) -> Result<reqwest::Client, SendError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let bare = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let nowhere = || SendError::Unreachable(format!("the name {host} has no address"));
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((bare.as_str(), port))
        .await
        .map_err(|_| nowhere())?
        .collect();
    if addresses.is_empty() {
        return Err(nowhere());
    }
    for address in &addresses {
        match reach {
            Reach::ThisComputer if !address.ip().is_loopback() => {
                return Err(SendError::Refused(format!("{host} is not this computer")));
            }
            Reach::ThisComputer => {}
            Reach::Private if !is_metadata(address.ip()) => {}
            Reach::Public if !is_metadata(address.ip()) && !is_private(address.ip()) => {}
            Reach::Private | Reach::Public => {
                return Err(SendError::Refused(format!(
                    "{host} has a private address, and the profile does not say that it may"
                )));
            }
        }
    }
    let is_sealed = url.scheme() == "https";
    let mut builder = reqwest::Client::builder();
    if !is_sealed {
        // Nothing is asked of the system's certificates, which are some hundred files to read.
        builder = builder.tls_certs_only([]);
    }
    builder
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .https_only(is_sealed)
        .connect_timeout(CONNECT)
        .timeout(timeout)
        .resolve_to_addrs(&host, &addresses)
        .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| SendError::Unreachable("TLS can't be set up on this computer".to_owned()))
}

/// Addresses under which clouds hand out credentials and settings, and the links around them.
fn is_metadata(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => {
            v4.is_link_local() || matches!(v4.octets(), [100, 100, 100, 200] | [192, 0, 0, 192])
        }
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.segments()[..2] == [0xFD00, 0x0EC2],
    }
}

/// The IPv4 address inside a mapped, compatible, NAT64 or 6to4 address.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    let parts = v6.segments();
    let low = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(std::net::Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        _ if v6.is_loopback() || v6.is_unspecified() => address,
        [0, 0, 0, 0, 0, 0xFFFF | 0, high, rest] => low(high, rest),
        [0x64, 0xFF9B, .., high, rest] => low(high, rest),
        [0x2002, high, rest, ..] => low(high, rest),
        _ => address,
    }
}

fn is_private(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || v6.segments()[0] & 0xFFC0 == 0xFEC0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_seen_in_every_dress() {
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "100.64.0.1",
            "240.0.0.1",
            "198.18.0.1",
            "::1",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "ff02::1",
        ] {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in [
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
        ] {
            assert!(is_metadata(text.parse().unwrap()), "{text}");
        }
        for text in ["160.79.104.10", "2607:6bc0::10", "8.8.8.8"] {
            assert!(
                !is_private(text.parse().unwrap()) && !is_metadata(text.parse().unwrap()),
                "{text}"
            );
        }
    }
}
