//! A display of its own with a WebDriver on it, for one test; both end with it.
//!
//! In: the size of the screen. Out: a port to drive, and the display's number for other programs.
//! Not here: the protocol (`webdriver`).

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A virtual screen and the driver of the windows on it.
pub(crate) struct Display {
    screen: Child,
    driver: Child,
    /// `:95`
    pub(crate) name: String,
    pub(crate) port: u16,
}

impl Display {
    /// Whether the programs that this needs are installed; where not, says which are missing.
    pub(crate) fn missing() -> Vec<&'static str> {
        ["Xvfb", "WebKitWebDriver", "xdotool"]
            .into_iter()
            .filter(|program| {
                let path = std::env::var_os("PATH").unwrap_or_default();
                !std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
            })
            .collect()
    }

    /// Starts a screen of `size` (`1280x800`) and a driver whose windows keep their files below
    /// `home`.
    pub(crate) fn start(size: &str, home: &Path) -> Self {
        // Pictures of the page hang with this renderer switched off and no graphics card.
        Self::with(size, home, &[("WEBKIT_DISABLE_DMABUF_RENDERER", "0")])
    }

    /// The same, on which the program draws as it chooses itself: no picture can be taken.
    pub(crate) fn as_people_have_it(size: &str, home: &Path) -> Self {
        Self::with(size, home, &[])
    }

    fn with(size: &str, home: &Path, environment: &[(&str, &str)]) -> Self {
        let mut screen = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &format!("{size}x24"),
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        BufReader::new(screen.stdout.take().expect("it is piped"))
            .read_line(&mut number)
            .expect("Xvfb tells its display");
        let name = format!(":{}", number.trim());
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", &name)
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
            .envs(environment.iter().copied())
            .env("NO_AT_BRIDGE", "1")
            // The locale of servers and containers, under which a careless page stays white.
            .env("LANG", "C.UTF-8")
            .env("HOME", home)
            .env("ASSAY_STATE", home.join("state"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver starts");
        let display = Self {
            screen,
            driver,
            name,
            port,
        };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "WebKitWebDriver did not answer"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        display
    }

    /// Runs a program on this display to its end and answers what it printed.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.name)
            .output()
            .unwrap_or_else(|error| panic!("cannot run `{program}`: {error}"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Waits for a window with this title (a pattern) and hands its id over.
    pub(crate) fn when_shown<T>(&self, title: &str, act: impl FnOnce(&str) -> T) -> T {
        let began = Instant::now();
        loop {
            let found = self.run("xdotool", &["search", "--onlyvisible", "--name", title]);
            if let Some(id) = found.lines().next().filter(|id| !id.is_empty()) {
                return act(id);
            }
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "no window `{title}` was shown"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until no window with this title (a pattern) is shown any more.
    pub(crate) fn when_gone(&self, title: &str) {
        let began = Instant::now();
        while !self
            .run("xdotool", &["search", "--onlyvisible", "--name", title])
            .is_empty()
        {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "the window `{title}` stayed"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.driver, &mut self.screen] {
            // It may have ended by itself; either way it is gone afterwards.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("the system gives a free port")
        .port()
}
