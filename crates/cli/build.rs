//! Builds the program again when the UI that it carries has changed.
//!
//! Not here: building the UI; without it the program compiles and says how to build it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../ui/dist");
}
