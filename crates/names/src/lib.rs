//! Names found by a model that somebody plugged in: a token classifier in the ONNX form, with its
//! tokenizer and its labels, as transformers are published in a folder.
//!
//! In: the bytes of the files, then texts. Out: names with their places, or why the model can't be
//! used. Pure: whoever has the files reads them. Not here: the names that the program finds by itself
//! (`assay-redact`), which folder it is and whether it changed (the engine).

pub mod graph;
pub mod labels;
pub mod model;
mod ops;
pub mod proto;
pub mod tensor;
pub mod tokenizer;
pub mod windows;
