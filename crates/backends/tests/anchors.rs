//! Asking for time stamps and cosignatures: what is sent, and every wrong way to answer.

#![expect(
    clippy::unwrap_used,
    reason = "a panic in a test is a failing test with its line"
)]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use assay_backends::anchors::{
    AnchorKind, AnchorPlace, Asking, WitnessAnswer, add_checkpoint, time_stamp,
};
use assay_backends::loopback::{Server, serve};
use assay_backends::send::SendError;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

fn asking() -> Asking {
    Asking {
        timeout: Duration::from_secs(10),
        offline: true,
        cancelled: Arc::new(AtomicBool::new(false)),
    }
}

fn served(routes: Router) -> (Server, AnchorPlace) {
    let server = serve(([127, 0, 0, 1], 0).into(), routes).unwrap();
    let place = AnchorPlace {
        name: "local".into(),
        kind: AnchorKind::Tsa,
        url: format!("http://{}/ask", server.address),
        private: false,
    };
    (server, place)
}

type Reply = (StatusCode, [(&'static str, String); 1], Vec<u8>);

fn reply(status: u16, header: (&'static str, &str), body: Vec<u8>) -> Reply {
    (
        StatusCode::from_u16(status).unwrap(),
        [(header.0, header.1.to_owned())],
        body,
    )
}

/// What comes of a time-stamp query that is answered with `answer`.
fn stamped(answer: Reply) -> Result<Vec<u8>, SendError> {
    let (_server, place) =
        served(Router::new().route("/ask", post(move || std::future::ready(answer.clone()))));
    time_stamp(&place, vec![1, 2, 3], &asking())
}

const TSR: (&str, &str) = ("content-type", "application/timestamp-reply");

#[test]
fn a_query_is_sent_as_rfc_3161_says_and_its_reply_comes_back() {
    let routes = Router::new().route(
        "/ask",
        post(|headers: HeaderMap, body: Bytes| async move {
            let asked =
                headers["content-type"] == "application/timestamp-query" && body[..] == [1, 2, 3];
            reply(if asked { 200 } else { 400 }, TSR, vec![9])
        }),
    );
    let (_server, place) = served(routes);
    assert_eq!(time_stamp(&place, vec![1, 2, 3], &asking()), Ok(vec![9]));
}

#[test]
fn wrong_replies_are_refused() {
    let refused = stamped(reply(302, ("location", "http://127.0.0.1:9/"), vec![]));
    assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
    let failed = stamped(reply(500, TSR, vec![9]));
    assert!(matches!(failed, Err(SendError::Refused(_))), "{failed:?}");
    let page = stamped(reply(200, ("content-type", "text/html"), vec![9]));
    assert!(matches!(page, Err(SendError::Unreadable(_))), "{page:?}");
    let huge = stamped(reply(200, TSR, vec![0; (64 << 10) + 1]));
    assert!(matches!(huge, Err(SendError::Unreadable(_))), "{huge:?}");
    assert!(stamped(reply(200, TSR, vec![0; 64 << 10])).is_ok());
}

#[test]
fn a_reply_that_does_not_come_is_not_waited_for() {
    let never = Router::new().route("/ask", post(std::future::pending::<Reply>));
    let (_server, place) = served(never);
    let short = Asking {
        timeout: Duration::from_millis(100),
        ..asking()
    };
    let late = time_stamp(&place, vec![1], &short);
    assert!(matches!(late, Err(SendError::Unreachable(_))), "{late:?}");
    let stopped = Asking {
        cancelled: Arc::new(AtomicBool::new(true)),
        ..asking()
    };
    assert_eq!(
        time_stamp(&place, vec![1], &stopped),
        Err(SendError::Cancelled)
    );
}

#[test]
fn offline_nothing_but_this_computer_is_asked_and_http_stays_here() {
    let place = |url: &str| AnchorPlace {
        name: "elsewhere".into(),
        kind: AnchorKind::Tsa,
        url: url.into(),
        private: true,
    };
    let refused = time_stamp(&place("https://tsa.example/tsr"), vec![1], &asking());
    assert_eq!(
        refused,
        Err(SendError::Refused(
            "offline: nothing is sent to tsa.example:443".into()
        ))
    );
    for url in [
        "http://tsa.example/tsr",
        "https://user:pw@tsa.example",
        "https://tsa.example/?q=1",
        "file:///etc/passwd",
    ] {
        let refused = time_stamp(&place(url), vec![1], &asking());
        assert!(matches!(refused, Err(SendError::Profile(_))), "{url}");
    }
}

#[test]
fn a_witness_is_asked_below_its_prefix_and_its_answers_are_told_apart() {
    let answered = |answer: Reply| {
        let (_server, mut place) = served(Router::new().route(
            "/ask/add-checkpoint",
            post(move || std::future::ready(answer.clone())),
        ));
        place.kind = AnchorKind::Witness;
        place.url.push('/');
        add_checkpoint(&place, b"old 0\n\n".to_vec(), &asking()).unwrap()
    };
    let plain = ("content-type", "text/plain");
    assert_eq!(
        answered(reply(200, plain, b"line\n".to_vec())),
        WitnessAnswer::Cosigned(b"line\n".to_vec())
    );
    let size = ("content-type", "text/x.tlog.size");
    assert_eq!(
        answered(reply(409, size, b"7\n".to_vec())),
        WitnessAnswer::Knows(b"7\n".to_vec())
    );
    assert_eq!(
        answered(reply(409, plain, b"7\n".to_vec())),
        WitnessAnswer::Refused(409)
    );
    assert_eq!(
        answered(reply(422, plain, Vec::new())),
        WitnessAnswer::Refused(422)
    );
}
