//! A small W3C WebDriver client: just what driving the one window needs.
//!
//! In: the address of WebKitWebDriver and the program to start. Out: elements, clicks, texts,
//! pictures. Not here: starting the driver (`display`) and what the tests do with it.
//!
//! Source: <https://www.w3.org/TR/webdriver2/>; the capability `webkitgtk:browserOptions` is
//! WebKitGTK's own.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long something may take that the window does by itself.
const PATIENCE: Duration = Duration::from_secs(90);
/// How WebDriver marks an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds what a person would call "the button Save": the first visible element of that role whose
/// name begins with the given text.
const FIND: &str = "
const [role, name, within] = arguments;
const selectors = {
  button: 'button,[role=button]', link: 'a[href],[role=link]', tab: '[role=tab]', row: '[role=row]',
  heading: 'h1,h2,h3,[role=heading]', dialog: '[role=dialog],[role=alertdialog]', radio: '[role=radio],input[type=radio]',
  textbox: 'input:not([type]),input[type=text],input[type=search],textarea,[role=textbox]', cell: '[role=gridcell]',
  menuitem: '[role=menuitem],[role=option]', any: '*',
};
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  const labelled = by && by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const label = element.labels && element.labels.length > 0 ? element.labels[0].textContent : '';
  return (element.getAttribute('aria-label') || labelled || label || element.textContent || element.getAttribute('placeholder') || '').replace(/\\s+/g, ' ').trim();
};
const top = within ? document.querySelector(within) : document;
if (!top) return null;
for (const element of top.querySelectorAll(selectors[role] ?? role)) {
  const box = element.getBoundingClientRect();
  if (box.width > 0 && box.height > 0 && nameOf(element).toLowerCase().startsWith(name.toLowerCase())) return element;
}
return null;";

/// One window of the program, driven. Dropping it closes the window.
pub(crate) struct Session {
    driver: SocketAddr,
    path: String,
}

/// An element of the page.
pub(crate) struct Element(String);

impl Session {
    /// Starts `program` with `arguments` through the driver that listens at `port`.
    pub(crate) fn start(port: u16, program: &Path, arguments: &[&str]) -> Self {
        let driver = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": arguments},
        }}});
        let answer = request(driver, "POST", "/session", Some(&capabilities))
            .unwrap_or_else(|error| panic!("no session with {}: {error}", program.display()));
        let id = answer["sessionId"].as_str().expect("a session has an id");
        Self {
            driver,
            path: format!("/session/{id}"),
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        request(self.driver, method, &format!("{}{path}", self.path), body)
    }

    /// Runs `script` in the page and answers what it returns.
    pub(crate) fn run(&self, script: &str, arguments: Value) -> Value {
        self.send(
            "POST",
            "/execute/sync",
            Some(&json!({"script": script, "args": arguments})),
        )
        .unwrap_or_else(|error| panic!("a script failed: {error}\n{script}"))
    }

    /// Waits until `look` answers something.
    #[track_caller]
    pub(crate) fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if began.elapsed() > PATIENCE {
                let page = self.run(
                    "return location.pathname + location.search + '\\n' + document.body.innerText",
                    json!([]),
                );
                panic!(
                    "waited in vain for {what}; the page shows:\n{}",
                    page.as_str().unwrap_or_default()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The element of this role whose name begins with `name`, if it is there.
    pub(crate) fn look(&self, role: &str, name: &str) -> Option<Element> {
        let found = self.run(FIND, json!([role, name, null]));
        Some(Element(found[ELEMENT].as_str()?.to_owned()))
    }

    /// The element of this role whose name begins with `name`, once it is there.
    #[track_caller]
    pub(crate) fn find(&self, role: &str, name: &str) -> Element {
        self.until(&format!("{role} `{name}`"), |page| page.look(role, name))
    }

    /// Clicks an element with the pointer, as soon as it is there and can be clicked.
    #[track_caller]
    pub(crate) fn click(&self, role: &str, name: &str) {
        self.until(&format!("{role} `{name}` that can be clicked"), |page| {
            let Element(id) = page.look(role, name)?;
            page.send("POST", &format!("/element/{id}/click"), Some(&json!({})))
                .ok()
        });
    }

    /// Types text into an element, after what is in it.
    #[track_caller]
    pub(crate) fn fill(&self, element: &Element, text: &str) {
        self.send(
            "POST",
            &format!("/element/{}/value", element.0),
            Some(&json!({"text": text})),
        )
        .unwrap_or_else(|error| panic!("cannot type: {error}"));
    }

    /// Waits until the page shows `text`.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) {
        self.until(&format!("the text `{text}`"), |page| {
            page.text().contains(text).then_some(())
        });
    }

    /// All text that the page shows.
    pub(crate) fn text(&self) -> String {
        self.run("return document.body.innerText", json!([]))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Writes a picture of the page as PNG.
    pub(crate) fn picture(&self, path: &Path) {
        let answer = self
            .send("GET", "/screenshot", None)
            .unwrap_or_else(|error| panic!("no picture: {error}"));
        let picture = from_base64(answer.as_str().expect("a picture is base64"));
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("it can be made");
        std::fs::write(path, picture).expect("a picture can be written");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A window that has closed by itself needs no closing.
        let _ = self.send("DELETE", "", None);
    }
}

/// One request of the protocol, over a connection of its own.
fn request(
    driver: SocketAddr,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, String> {
    let exchange = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(driver)?;
        // A large store takes its time to open before the window is there.
        stream.set_read_timeout(Some(PATIENCE * 10))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = exchange().map_err(|error| error.to_string())?;
    let split = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or("the driver's answer has no end of headers")?;
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    let answer: Value = serde_json::from_slice(&answer[split + 4..])
        .map_err(|error| format!("the driver's answer is not JSON: {error}\n{head}"))?;
    if head.split(' ').nth(1) == Some("200") {
        return Ok(answer["value"].clone());
    }
    Err(format!(
        "{}: {}",
        answer["value"]["error"], answer["value"]["message"]
    ))
}

fn from_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else {
            continue;
        };
        held = (held << 6) | u32::try_from(value).expect("there are 64 letters");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).expect("eight bits"));
        }
    }
    bytes
}
