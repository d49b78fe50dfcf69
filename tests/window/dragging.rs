//! A real drag: a file is pulled with the mouse out of another program's window onto ours.
//!
//! In: the display, the path, where to let go. Out: the drop, as X delivers it. Not here: what the
//! window makes of it.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use crate::display::Display;

/// Where the small window stands from which files are dragged: right of ours.
const SOURCE: (i32, i32) = (1300, 20);

/// Drags the file at `path` to `to` on the screen and lets it go there.
pub(crate) fn drop_file(display: &Display, path: &Path, to: (i32, i32)) {
    let program = Path::new(env!("CARGO_BIN_EXE_assay-desktop"))
        .with_file_name("examples")
        .join("drag_source");
    let source = Command::new(program)
        .arg(path)
        .env("DISPLAY", &display.name)
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .spawn()
        .expect("the drag source starts");
    let source = Ended(source);
    let window = display.when_shown("^drag source$", str::to_owned);
    let at = |x: i32, y: i32| [x.to_string(), y.to_string()];
    let [x, y] = at(SOURCE.0, SOURCE.1);
    display.run("xdotool", &["windowmove", "--sync", &window, &x, &y]);
    let move_to = |x: i32, y: i32| {
        let [x, y] = at(x, y);
        display.run("xdotool", &["mousemove", &x, &y]);
        // X delivers motion as it comes; a hand takes as long.
        std::thread::sleep(Duration::from_millis(40));
    };
    let from = (SOURCE.0 + 80, SOURCE.1 + 40);
    move_to(from.0, from.1);
    display.run("xdotool", &["mousedown", "1"]);
    for step in 1..=24 {
        move_to(
            from.0 + (to.0 - from.0) * step / 24,
            from.1 + (to.1 - from.1) * step / 24,
        );
    }
    for _ in 0..5 {
        move_to(to.0 + 1, to.1);
        move_to(to.0, to.1);
    }
    display.run("xdotool", &["mouseup", "1"]);
    // The source answers with the file's address while it still runs.
    std::thread::sleep(Duration::from_millis(400));
    drop(source);
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It has no work to finish.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
