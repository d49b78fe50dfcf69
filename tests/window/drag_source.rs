//! A window that a file can be dragged out of, as out of a file manager: the source of the real
//! drag in the window's journey.
//!
//! In: a path. Out: a small window whose drag carries that path as `text/uri-list`. Linux only.

#[cfg(target_os = "linux")]
fn main() {
    use gtk::prelude::*;

    let path = std::env::args_os().nth(1).expect("a path to drag");
    let address = gtk::glib::filename_to_uri(path, None).expect("an absolute path");
    gtk::init().expect("there is a display");
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("drag source");
    window.set_default_size(160, 80);
    let area = gtk::EventBox::new();
    area.add(&gtk::Label::new(Some("drag me")));
    area.drag_source_set(
        gtk::gdk::ModifierType::BUTTON1_MASK,
        &[gtk::TargetEntry::new(
            "text/uri-list",
            gtk::TargetFlags::empty(),
            0,
        )],
        gtk::gdk::DragAction::COPY,
    );
    area.connect_drag_data_get(move |_, _, selection, _, _| {
        selection.set_uris(&[&address]);
    });
    window.add(&area);
    window.connect_delete_event(|_, _| {
        gtk::main_quit();
        gtk::glib::Propagation::Stop
    });
    window.show_all();
    gtk::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}
