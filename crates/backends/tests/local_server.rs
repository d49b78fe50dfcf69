//! Who is let in by the local server, and what becomes of what they send.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use assay_backends::local_server::{Site, start};
use assay_backends::loopback::Server;
use serde_json::{Value, json};

const TOKEN: &str = "0123456789abcdef";

/// A site that counts what reaches it.
struct Counting {
    folder: PathBuf,
    reached: Arc<AtomicU64>,
}

impl Counting {
    fn count(&self) {
        self.reached.fetch_add(1, Ordering::SeqCst);
    }
}

impl Site for Counting {
    fn rpc(&self, name: &str, _: Value, token: Option<&str>) -> Result<Value, Value> {
        self.count();
        Ok(json!([name, token]))
    }

    fn confirm(&self, name: &str, _: Value) -> Result<Value, Value> {
        self.count();
        Ok(json!({ "asked": name }))
    }

    fn code(&self, code: &str) -> Result<Value, Value> {
        self.count();
        Err(json!({ "code": code }))
    }

    fn asset(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        match path {
            "index.html" => Some(("text/html", b"page".to_vec())),
            "assets/page-4f2a.js" => Some(("text/javascript", b"script".to_vec())),
            _ => None,
        }
    }

    fn upload_path(&self, _: &str) -> std::io::Result<PathBuf> {
        self.count();
        Ok(self.folder.join("upload"))
    }

    fn uploaded(&self, path: &Path) -> Result<Value, Value> {
        Ok(json!(std::fs::read_to_string(path).unwrap_or_default()))
    }

    fn file(&self, _: &str) -> Option<PathBuf> {
        self.count();
        None
    }

    fn events(&self) -> tokio::sync::broadcast::Receiver<String> {
        self.count();
        tokio::sync::broadcast::channel(1).1
    }
}

struct Bench {
    server: Server,
    reached: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let reached = Arc::new(AtomicU64::new(0));
    let site = Counting {
        folder: folder.path().to_owned(),
        reached: Arc::clone(&reached),
    };
    let server = start(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        Arc::new(site),
        TOKEN.to_owned(),
    )
    .unwrap();
    Bench {
        server,
        reached,
        folder,
    }
}

impl Bench {
    /// Sends a request with `headers` and answers its status, head and body.
    fn ask(&self, line: &str, headers: &[&str], body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.server.address).unwrap();
        let mut head = format!(
            "{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A server that refuses at the head may close before it has read the rest.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer).into_owned();
        (
            text.split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok())
                .unwrap_or(0),
            text,
        )
    }
}

const HERE: &str = "Host: 127.0.0.1:1";
const BEARER: &str = "Authorization: Bearer 0123456789abcdef";
const ROUTES: [&str; 6] = [
    "POST /rpc",
    "POST /confirm",
    "POST /confirm/code",
    "GET /events",
    "POST /upload?name=a",
    "GET /files/0",
];

#[test]
fn no_route_is_reached_without_the_token() {
    let bench = bench();
    for route in ROUTES {
        for headers in [
            &[HERE][..],
            &[HERE, "Authorization: Bearer "],
            &[HERE, "Authorization: Bearer 0123456789abcdeF"],
            &[HERE, "Authorization: 0123456789abcdef"],
        ] {
            assert_eq!(
                bench.ask(route, headers, b"{\"name\": \"x\"}").0,
                403,
                "{route} {headers:?}"
            );
        }
        let in_the_address = format!(
            "{route}{}token={TOKEN}",
            if route.contains('?') { '&' } else { '?' }
        );
        assert_eq!(bench.ask(&in_the_address, &[HERE], b"").0, 403, "{route}");
    }
    assert_eq!(bench.reached.load(Ordering::SeqCst), 0);
    assert_eq!(
        bench
            .ask("POST /rpc", &[HERE, BEARER], b"{\"name\": \"x\"}")
            .0,
        200
    );
    assert_eq!(
        bench.ask("GET /", &[HERE], b"").0,
        200,
        "the page itself is no secret"
    );
}

#[test]
fn only_what_is_named_by_its_content_is_kept_by_a_browser() {
    let bench = bench();
    let head = |path: &str| {
        bench
            .ask(&format!("GET {path}"), &[HERE], b"")
            .1
            .to_lowercase()
    };
    assert!(
        head("/assets/page-4f2a.js")
            .contains("cache-control: private, max-age=31536000, immutable")
    );
    for page in ["/", "/trail"] {
        assert!(head(page).contains("cache-control: no-store"), "{page}");
    }
}

#[test]
fn a_command_and_its_confirmation_reach_who_answers() {
    let bench = bench();
    let ask = |path: &str, body: &str| {
        let (status, text) = bench.ask(&format!("POST {path}"), &[HERE, BEARER], body.as_bytes());
        let body = text.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned();
        (status, body)
    };
    for (path, body, answer) in [
        ("/rpc", r#"{"name":"x","token":"t"}"#, (200, r#"["x","t"]"#)),
        (
            "/rpc",
            r#"{"name":"x","token":null}"#,
            (200, r#"["x",null]"#),
        ),
        ("/confirm", r#"{"name":"x"}"#, (200, r#"{"asked":"x"}"#)),
        ("/confirm/code", r#"{"code":"1"}"#, (422, r#"{"code":"1"}"#)),
        ("/confirm/code", r#"{"code":1}"#, (400, "not a code")),
        ("/confirm", "[]", (400, "not a command")),
    ] {
        assert_eq!(
            ask(path, body),
            (answer.0, answer.1.to_owned()),
            "{path} {body}"
        );
    }
}

#[test]
fn a_page_elsewhere_reaches_nothing_even_with_the_token() {
    let bench = bench();
    for route in ROUTES.into_iter().chain(["GET /"]) {
        for host in [
            "evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
            "localhost.evil.example:1",
            "127.0.0.1@evil.example",
            "localhost:1@evil.example",
            "0.0.0.0",
            "[::ffff:127.0.0.1]:1",
            "",
        ] {
            assert_eq!(
                bench
                    .ask(route, &[&format!("Host: {host}"), BEARER], b"{}")
                    .0,
                403,
                "{route} {host}"
            );
        }
        for origin in [
            "http://evil.example",
            "http://127.0.0.1.evil.example",
            "https://evil.example:1",
            "null",
            "file://",
            "http://localhost@evil.example",
        ] {
            assert_eq!(
                bench
                    .ask(route, &[HERE, BEARER, &format!("Origin: {origin}")], b"{}")
                    .0,
                403,
                "{route} {origin}"
            );
        }
    }
    assert_eq!(bench.reached.load(Ordering::SeqCst), 0);
    let (status, answer) = bench.ask(
        "POST /rpc",
        &[HERE, BEARER, "Origin: http://127.0.0.1:1"],
        b"{\"name\": \"x\"}",
    );
    assert_eq!(status, 200);
    let head = answer.to_lowercase();
    assert!(
        !head.contains("access-control-") && head.contains("cache-control: no-store"),
        "{answer}"
    );
    assert_eq!(
        bench
            .ask(
                "OPTIONS /rpc",
                &[
                    HERE,
                    "Origin: http://localhost:1",
                    "Access-Control-Request-Method: POST"
                ],
                b""
            )
            .0,
        403
    );
}

#[test]
fn a_command_is_read_up_to_its_limit_and_nothing_of_strangers() {
    let bench = bench();
    let long = vec![b' '; (32 << 20) + 1];
    assert_eq!(bench.ask("POST /rpc", &[HERE, BEARER], &long).0, 413);
    // Four gigabytes are announced; the answer comes before any of them.
    let mut stream = TcpStream::connect(bench.server.address).unwrap();
    stream
        .write_all(b"POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4294967296\r\n\r\n")
        .unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 403");
}

#[test]
fn an_upload_is_private_and_one_that_breaks_off_leaves_nothing() {
    let bench = bench();
    let (status, answer) = bench.ask("POST /upload?name=..%2F..%2Fa", &[HERE, BEARER], b"text");
    assert!(status == 200 && answer.ends_with("\"text\""), "{answer}");
    let path = bench.folder.path().join("upload");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    std::fs::remove_file(&path).unwrap();
    let mut stream = TcpStream::connect(bench.server.address).unwrap();
    let head = format!(
        "POST /upload HTTP/1.1\r\n{HERE}\r\n{BEARER}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\nno chunk\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(!path.exists());
}
