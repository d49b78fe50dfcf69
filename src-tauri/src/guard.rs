//! What must be set before anything else runs: file permissions, core dumps, graphics.
//!
//! Not here: options that the program reads later.

use std::path::Path;

/// The variable with which WebKitGTK's renderer that crashes or crawls on some machines is
/// switched off. <https://github.com/tauri-apps/tauri/issues/8462>
const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
/// Draws in software altogether.
const COMPOSITING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Keeps new files private, forbids core dumps (they would hold prompt text) and picks a renderer
/// that works on this machine. Call it first in `main`: the environment may only be written while
/// there is one thread.
pub(crate) fn prepare(safe_graphics: bool) {
    #[cfg(unix)]
    keep_private();
    #[cfg(target_os = "linux")]
    for name in graphics(
        safe_graphics,
        &|name| std::env::var_os(name).is_some(),
        Path::new("/"),
    ) {
        // SAFETY: `main` calls this before it starts a thread or a library that does.
        #[expect(
            unsafe_code,
            reason = "WebKit's helper processes read it from the environment"
        )]
        #[expect(clippy::disallowed_methods, reason = "there is one thread yet")]
        unsafe {
            std::env::set_var(name, "1");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (safe_graphics, DMABUF, COMPOSITING, Path::new(""));
}

#[cfg(unix)]
fn keep_private() {
    use rustix::fs::Mode;
    use rustix::process::{Resource, Rlimit};
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A system that refuses to lower a limit refuses nothing that we could do without it.
    let _ = rustix::process::setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// The variables to set, by what this machine has. A value that the user gave, `0` included, is
/// never overridden.
#[cfg(target_os = "linux")]
fn graphics(
    safe: bool,
    is_set: &dyn Fn(&str) -> bool,
    root: &Path,
) -> impl Iterator<Item = &'static str> {
    let nvidia = root.join("proc/driver/nvidia").exists();
    let render_node = std::fs::read_dir(root.join("dev/dri")).is_ok_and(|nodes| {
        nodes
            .flatten()
            .any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    });
    let dmabuf = (safe || nvidia || !render_node) && !is_set(DMABUF);
    let compositing = safe && !is_set(COMPOSITING);
    [(DMABUF, dmabuf), (COMPOSITING, compositing)]
        .into_iter()
        .filter_map(|(name, wanted)| wanted.then_some(name))
}

#[cfg(all(test, target_os = "linux"))]
#[expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]
mod tests {
    use super::*;

    fn check(machine: &[&str], safe: bool, given: &[&str], expected: &[&str]) {
        let root = tempfile::tempdir().unwrap();
        for path in machine {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let set: Vec<_> = graphics(safe, &|name| given.contains(&name), root.path()).collect();
        assert_eq!(set, expected, "{machine:?}");
    }

    #[test]
    fn machine_with_a_free_graphics_card_is_left_alone() {
        check(&["dev/dri/renderD128"], false, &[], &[]);
    }

    #[test]
    fn machine_without_a_render_node_draws_without_dmabuf() {
        check(&["dev/dri/card0"], false, &[], &[DMABUF]);
        check(&[], false, &[], &[DMABUF]);
    }

    #[test]
    fn nvidia_driver_draws_without_dmabuf() {
        check(
            &["dev/dri/renderD128", "proc/driver/nvidia/version"],
            false,
            &[],
            &[DMABUF],
        );
    }

    #[test]
    fn value_of_the_user_stands() {
        check(&[], false, &[DMABUF], &[]);
    }

    #[test]
    fn safe_graphics_draws_in_software() {
        check(&["dev/dri/renderD128"], true, &[], &[DMABUF, COMPOSITING]);
    }
}
