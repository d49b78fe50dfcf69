//! Closes the list of what the webview may call: a command that is not named here and granted in
//! `capabilities/main.json` is refused by Tauri before it reaches our code.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "rpc",
        "confirm",
        "pick_files",
        "pick_folder",
        "pick_save",
    ]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}
