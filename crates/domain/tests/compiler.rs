//! What these crates need of the compiler that builds them, since no test of ours could be believed without it.
//! Not here: whether our own code is right.
//!
//! Rust before 1.97 gives a closure a value that another closure has dropped already, where both get an equal one
//! made by a function that was inlined before (<https://github.com/rust-lang/rust/issues/155241>, mended in 1.97).
//! That inlining is left out of incremental builds, which is why Cargo.toml and the Makefile ask for them. Where it is
//! done, this program mostly ends with *double free*: build with `CARGO_INCREMENTAL=1` or a newer Rust.

fn with_none(take: impl FnOnce(Vec<usize>)) {
    take(Vec::new());
}

#[test]
fn a_closure_gets_a_value_that_no_other_has_dropped() {
    with_none(|mut taken| taken.resize(2, 1));
    with_none(|taken| assert_eq!(taken, [0_usize; 0]));
}
