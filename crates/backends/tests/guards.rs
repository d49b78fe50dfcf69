//! What a guard on this computer does wrong, and what becomes of it: a fault for one text, never a verdict.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use assay_backends::credentials::Credentials;
use assay_backends::guards::{Guard, GuardFault, GuardProfile, Verdict};
use assay_backends::profile::Auth;
use assay_domain::guards::GuardKind;

/// A server that hands each connection, with its number, to `answer`; counts them.
fn server(answer: impl Fn(usize, TcpStream) + Send + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut buffer = [0_u8; 65_536];
            // What is asked comes in one piece, or is not looked at whole.
            let _ = stream.read(&mut buffer);
            answer(counted.fetch_add(1, Ordering::SeqCst), stream);
        }
    });
    (address, asked)
}

/// Answers with each of these in turn, the last one for ever.
fn saying(answers: &'static [&'static str]) -> (SocketAddr, Arc<AtomicUsize>) {
    server(move |number, mut stream| {
        let _ = stream.write_all(answers[number.min(answers.len() - 1)].as_bytes());
    })
}

fn guard(address: SocketAddr) -> Guard {
    let profile = GuardProfile {
        name: "own".to_owned(),
        kind: GuardKind::Private,
        base_url: format!("http://{address}"),
        region: None,
        auth: Auth::None,
        guardrail: None,
        version: None,
        as_output: false,
        language: None,
        text_field: None,
        claims: Vec::new(),
        private: false,
        per_second: None,
    };
    Guard::new(profile, Credentials::None, true).unwrap()
}

fn asked(address: SocketAddr) -> Result<Verdict, GuardFault> {
    guard(address).ask("Write to jo@example.com", &Arc::new(AtomicBool::new(false)))
}

const FINE: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"entities\":[]}";
const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const LONG: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 500 Internal Server Error\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const CUT: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 900\r\nconnection: close\r\n\r\n{\"entities\":[";
const LATE: &str = "HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn who_asks_to_wait_is_asked_again_at_most_twice_and_never_too_early() {
    let (address, count) = saying(&[BUSY, BUSY, FINE]);
    assert_eq!(asked(address), Ok(Verdict::default()));
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let (address, count) = saying(&[BUSY]);
    assert_eq!(asked(address), Err(GuardFault::RateLimited));
    assert_eq!(count.load(Ordering::SeqCst), 3, "bounded");
    let (address, count) = saying(&[LONG, FINE]);
    assert_eq!(asked(address), Err(GuardFault::LongWait));
    assert_eq!(count.load(Ordering::SeqCst), 1, "not before its time");
}

#[test]
fn what_fails_is_cut_or_breaks_is_no_verdict() {
    let (address, count) = saying(&[BROKEN, FINE]);
    assert_eq!(asked(address), Ok(Verdict::default()));
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let (address, count) = saying(&[BROKEN]);
    assert_eq!(asked(address), Err(GuardFault::Failed));
    assert_eq!(count.load(Ordering::SeqCst), 3, "bounded");
    for (answer, fault) in [
        (&[CUT], GuardFault::Cut),
        (&[""], GuardFault::Cut),
        (&[LATE], GuardFault::TimedOut),
    ] {
        let (address, count) = saying(answer);
        assert_eq!(asked(address), Err(fault));
        assert_eq!(count.load(Ordering::SeqCst), 1, "{fault:?} is not repeated");
    }
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(asked(nobody), Err(GuardFault::Unreachable));
}

/// A server that takes connections and never answers. It hands each over, so that it stays open, and reads
/// nothing: who gives up early may have connected and never asked.
fn silent() -> (SocketAddr, mpsc::Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (kept, keep) = mpsc::channel();
    thread::spawn(move || {
        listener
            .incoming()
            .flatten()
            .try_for_each(|it| kept.send(it))
    });
    (address, keep)
}

#[test]
fn who_never_answers_is_timed_out_and_who_stops_does_not_wait() {
    let (address, _open) = silent();
    let hurried = guard(address).waiting(Duration::from_millis(20));
    let cancelled = Arc::new(AtomicBool::new(false));
    assert_eq!(hurried.ask("a", &cancelled), Err(GuardFault::TimedOut));
    // It is stopped once it has connected, and waits for nothing more.
    let (address, keep) = silent();
    let stop = Arc::clone(&cancelled);
    let stopping = thread::spawn(move || {
        let open = keep.recv().unwrap();
        stop.store(true, Ordering::SeqCst);
        (open, keep)
    });
    assert_eq!(
        guard(address).ask("a", &cancelled),
        Err(GuardFault::Cancelled)
    );
    drop(stopping.join().unwrap());
}
