//! Senders against the sandbox and against servers that mean ill, all on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use assay_backends::credentials::Credentials;
use assay_backends::loopback::{LoopbackError, serve};
use assay_backends::profile::{Auth, Dialect, Profile};
use assay_backends::sandbox::{self, Behaviour};
use assay_backends::send::{Outcome, SendError, Sender};
use assay_domain::call::Kind;
use secrecy::SecretString;
use serde_json::{Value, json};

const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

fn body() -> Value {
    json!({"max_tokens": 200, "system": "Be brief.", "messages": [{"role": "user", "content": "The claim number is 7. The claim was paid late. Why?"}]})
}

fn profile(address: SocketAddr, dialect: Dialect, auth: Auth) -> Profile {
    Profile {
        dialect,
        auth,
        kind: Kind::Bedrock,
        place: Some("eu-west-1".into()),
        ..Profile::sandbox(address)
    }
}

fn never() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

fn send(profile: Profile, credentials: Credentials, model: &str) -> Result<Outcome, SendError> {
    Sender::new(profile, credentials, true)?.send(model, &body(), &never())
}

#[test]
fn the_sandbox_answers_both_dialects_the_same_way_each_time() {
    let sandbox = sandbox::start(FREE, Behaviour::Ok).unwrap();
    let direct = || {
        send(
            profile(sandbox.address, Dialect::Anthropic, Auth::None),
            Credentials::None,
            "claude-sonnet-5",
        )
        .unwrap()
    };
    let (first, second) = (direct(), direct());
    assert_eq!(first.response, second.response);
    let message = first.response.unwrap();
    assert_eq!(
        (message["model"].as_str(), message["stop_reason"].as_str()),
        (Some("claude-sonnet-5"), Some("end_turn"))
    );
    assert!(
        message["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("The claim was paid late.")
    );
    assert!(message["usage"]["input_tokens"].as_u64().unwrap() > 5);
    assert!(first.request_id.unwrap().starts_with("req_"));
    let keys = Credentials::Aws {
        access_key: "AKID".into(),
        secret_key: SecretString::from("secret".to_owned()),
        session_token: None,
    };
    let invoked = send(
        profile(sandbox.address, Dialect::BedrockInvoke, Auth::Sigv4),
        keys,
        "eu.anthropic.claude-sonnet-5:0",
    )
    .unwrap();
    assert_eq!(invoked.http_status, 200, "{invoked:?}");
    assert_eq!(
        invoked.response.unwrap()["model"],
        "eu.anthropic.claude-sonnet-5:0"
    );
}

#[test]
fn errors_of_a_backend_are_outcomes() {
    let sandbox = sandbox::start(FREE, Behaviour::Ok).unwrap();
    let refused = send(
        profile(sandbox.address, Dialect::Anthropic, Auth::None),
        Credentials::None,
        "sandbox-500",
    )
    .unwrap();
    assert_eq!(
        (
            refused.http_status,
            refused.error_type.as_deref(),
            refused.retries
        ),
        (500, Some("api_error"), 2)
    );
    assert!(refused.response.is_none());
}

#[test]
fn waiting_for_a_limit_can_be_cancelled() {
    let sandbox = sandbox::start(FREE, Behaviour::Limited).unwrap();
    let sender = Sender::new(
        profile(sandbox.address, Dialect::Anthropic, Auth::None),
        Credentials::None,
        true,
    )
    .unwrap();
    let cancelled = Arc::new(AtomicBool::new(true));
    assert_eq!(
        sender.send("m", &body(), &cancelled),
        Err(SendError::Cancelled)
    );
}

/// A server that answers every connection with `answer`, and says whether anybody came.
fn hostile(answer: &'static [u8]) -> (SocketAddr, Arc<AtomicBool>, Arc<std::sync::Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (came, seen) = (never(), Arc::new(std::sync::Mutex::new(Vec::new())));
    let (came_here, seen_here) = (Arc::clone(&came), Arc::clone(&seen));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            came_here.store(true, Ordering::SeqCst);
            let mut buffer = [0_u8; 65_536];
            if let Ok(count) = stream.read(&mut buffer) {
                seen_here
                    .lock()
                    .unwrap()
                    .extend_from_slice(&buffer[..count]);
            }
            let _ = stream.write_all(answer);
        }
    });
    (address, came, seen)
}

#[test]
fn a_redirect_is_not_followed() {
    let (target, came, _) = hostile(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{target}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (from, _, _) = hostile(Box::leak(answer.into_boxed_str()).as_bytes());
    let outcome = send(
        profile(from, Dialect::Anthropic, Auth::None),
        Credentials::None,
        "m",
    )
    .unwrap();
    assert_eq!(
        (outcome.http_status, outcome.error_type.as_deref()),
        (307, Some("redirect"))
    );
    assert!(
        !came.load(Ordering::SeqCst),
        "the second server got a connection"
    );
}

#[test]
fn keys_travel_in_the_header_and_appear_nowhere_else() {
    let key = "sk-ant-test-0123456789abcdef";
    let (address, _, seen) =
        hostile(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnot json!");
    let error = send(
        profile(address, Dialect::Anthropic, Auth::XApiKey),
        Credentials::Key(SecretString::from(key.to_owned())),
        "m",
    )
    .unwrap_err();
    assert!(matches!(error, SendError::Unreadable(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains(key));
    assert!(String::from_utf8_lossy(&seen.lock().unwrap()).contains(&format!("x-api-key: {key}")));
}

#[test]
fn a_key_that_a_backend_repeats_is_taken_out() {
    let key = "sk-ant-test-0123456789abcdef";
    let (address, _, _) = hostile(b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{\"error\":{\"type\":\"auth\",\"message\":\"bad key sk-ant-test-0123456789abcdef \\u001b[\"}}");
    let outcome = send(
        profile(address, Dialect::Anthropic, Auth::XApiKey),
        Credentials::Key(SecretString::from(key.to_owned())),
        "m",
    )
    .unwrap();
    assert_eq!(
        outcome.error_message.as_deref(),
        Some("bad key [key]  ["),
        "{outcome:?}"
    );
}

#[test]
fn a_request_that_may_have_been_carried_out_is_not_sent_again() {
    let (address, _, seen) =
        hostile(b"HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let outcome = send(
        profile(address, Dialect::Anthropic, Auth::None),
        Credentials::None,
        "m",
    )
    .unwrap();
    assert_eq!((outcome.http_status, outcome.retries), (504, 0));
    assert_eq!(
        String::from_utf8_lossy(&seen.lock().unwrap())
            .matches("POST ")
            .count(),
        1
    );
}

#[test]
fn a_model_that_is_a_path_is_refused() {
    let sandbox = sandbox::start(FREE, Behaviour::Ok).unwrap();
    for model in ["", ".", "..", "a b", "a\n"] {
        let refused = send(
            profile(sandbox.address, Dialect::BedrockInvoke, Auth::None),
            Credentials::None,
            model,
        );
        assert!(
            matches!(refused, Err(SendError::Refused(_))),
            "{model:?} {refused:?}"
        );
    }
}

#[test]
fn offline_and_private_addresses_are_refused_before_a_socket_is_opened() {
    let far = Profile {
        base_url: "https://api.anthropic.com".into(),
        private: false,
        ..profile(FREE, Dialect::Anthropic, Auth::None)
    };
    assert!(matches!(
        Sender::new(far, Credentials::None, true),
        Err(SendError::Refused(_))
    ));
    let metadata = Profile {
        base_url: "https://169.254.169.254".into(),
        ..profile(FREE, Dialect::Anthropic, Auth::None)
    };
    let sender = Sender::new(metadata, Credentials::None, false).unwrap();
    assert!(matches!(
        sender.send("m", &body(), &never()),
        Err(SendError::Refused(_))
    ));
    let inside = Profile {
        base_url: "https://10.0.0.1".into(),
        private: false,
        ..profile(FREE, Dialect::Anthropic, Auth::None)
    };
    let sender = Sender::new(inside, Credentials::None, false).unwrap();
    assert!(matches!(
        sender.send("m", &body(), &never()),
        Err(SendError::Refused(_))
    ));
}

#[test]
fn an_address_in_another_dress_is_the_same_address() {
    // Userinfo, query and fragment are refused; what a URL parser undresses is judged undressed.
    for base_url in [
        "https://2130706433",
        "https://0x7f000001",
        "https://0177.0.0.1",
        "https://127.1",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:10.0.0.1]",
        "https://[fe80::1]",
        "https://[fd00:ec2::254]",
        "https://0.0.0.0",
        "https://[::]",
        "https://[64:ff9b::a9fe:a9fe]",
        "https://10.0.0.1:6443",
    ] {
        let there = Profile {
            base_url: base_url.into(),
            private: false,
            ..profile(FREE, Dialect::Anthropic, Auth::XApiKey)
        };
        let key = || {
            Credentials::Key(SecretString::from(
                "sk-ant-test-0123456789abcdef".to_owned(),
            ))
        };
        let sent = match Sender::new(there.clone(), key(), false) {
            Ok(sender) if !there.is_loopback() => sender.send("m", &body(), &never()),
            // As this computer itself it is sent to, where nobody listens with TLS.
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        assert!(
            matches!(sent, Err(SendError::Refused(_))),
            "{base_url} {sent:?}"
        );
    }
    for base_url in [
        "https://api.anthropic.com@example.com",
        "https://user@api.anthropic.com",
        "https://api.anthropic.com#@example.com",
        "https://api.anthropic.com?x=@example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://[::ffff:127.0.0.1]",
        "https://[fe80::1%25eth0]",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https:///",
        "https://exa mple.com",
    ] {
        let there = Profile {
            base_url: base_url.into(),
            ..profile(FREE, Dialect::Anthropic, Auth::None)
        };
        assert!(
            matches!(
                Sender::new(there, Credentials::None, false),
                Err(SendError::Profile(_))
            ),
            "{base_url}"
        );
    }
}

fn raw(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn streams_have_the_wire_format() {
    let sandbox = sandbox::start(FREE, Behaviour::Ok).unwrap();
    let mut body = body();
    body["model"] = "claude-sonnet-5".into();
    body["stream"] = true.into();
    let text = body.to_string();
    let head = format!(
        "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nanthropic-version: 2023-06-01\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    );
    let streamed = String::from_utf8(raw(sandbox.address, &head)).unwrap();
    assert!(
        streamed.contains("text/event-stream")
            && streamed.contains("event: message_start")
            && streamed.contains("event: message_stop")
    );
    body["anthropic_version"] = "bedrock-2023-05-31".into();
    let text = body.to_string();
    let head = format!(
        "POST /model/x/invoke-with-response-stream HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    );
    let answer = raw(sandbox.address, &head);
    let at = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    let mut rest = &answer[at..];
    let mut frames = 0;
    while !rest.is_empty() {
        let message = aws_smithy_eventstream::frame::read_message_from(&mut rest).unwrap();
        assert!(serde_json::from_slice::<Value>(message.payload()).unwrap()["bytes"].is_string());
        frames += 1;
    }
    assert!(frames > 6, "{frames}");
}

#[test]
fn only_this_computer_is_listened_on_and_answered() {
    let everywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    assert!(matches!(
        serve(everywhere, axum::Router::new()),
        Err(LoopbackError::NotLoopback(_))
    ));
    let sandbox = sandbox::start(FREE, Behaviour::Ok).unwrap();
    let answer = raw(
        sandbox.address,
        "GET /v1/models HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
    );
    assert!(answer.starts_with(b"HTTP/1.1 403"));
}
