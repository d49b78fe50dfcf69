"""Makes the small models that tests plug in, and what other programs make of the same texts.

    python -m venv venv && venv/bin/pip install onnx numpy tokenizers
    venv/bin/python scripts/names/onnx_fixtures.py crates/names/fixtures

Three folders in the layout of Hugging Face, a few kB each, all weights drawn from a seed:
  words    BERT-like: WordPiece, attention over a mask, token types, dynamic axes
  bytes    RoBERTa-like: byte-level BPE, weights of 8 bits as onnxruntime quantises them
  pieces   XLM-R-like: Unigram, weights of 4 bits (MatMulNBits), biases kept
Beside each `cases.json`: for texts of many scripts the pieces that `tokenizers` cuts, and the numbers
that the reference implementation of ONNX gives for them.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC", "I-MISC"]
WIDTH, HEADS, POSITIONS = 16, 2, 96

# What each word is, by its first piece; all else is no name.
KNOWN = {
    "B-PER": ["ada", "grace", "zoe", "josé", "priya", "бабушкин", "marie"],
    "I-PER": ["lovelace", "hopper", "muller", "carreno", "curie"],
    "B-LOC": ["london", "tokyo", "köln", "paris", "東京"],
    "B-ORG": ["acme", "initech"],
    "I-ORG": ["ltd", "gmbh"],
    "B-MISC": ["rust"],
}
OTHER = "the a and wrote to in from of met with works at is it call mr dr my name live i don ' t s . , ! ? : -".split()

TEXTS = [
    "",
    "Ada Lovelace wrote to Acme Ltd in London.",
    "  Zoë Müller met José Carreño,\tin Köln!\r\nDr. Grace Hopper works at Initech GmbH. ",
    "👩‍🚀 Ada 👩‍👩‍👧 in 東京 and Tokyo\u200b; ｆｕｌｌ ｗｉｄｔｈ ﬁ Ａｄａ",
    "don't call i'm 123 4567 -- a--b",
    "e\u0301 Jose\u0301 cafe\u0301 A\u030a \u1100\u1161\u11a8 각",
    "x" * 300 + " Ada",
    "عائشة في لندن · Бабушкин · नमस्ते दुनिया",
    "[CLS] [SEP] <s> </s> [MASK] Ada",
    "tab\tand\x00null\x07bell \ufffd end\u00a0nbsp\u3000wide",
    "İstanbul ŞIŞLI straße ΑΣ",
    "   ",
    "a  b   c    d\n\n\ne",
    "MarieCurie marie-curie Marie_Curie O'Ada",
]


class MatMulNBits(OpRun):
    """The product with weights of 4 bits, as onnxruntime documents it, for the reference."""

    op_domain = "com.microsoft"

    def _run(self, a, packed, scales, zeros=None, K=None, N=None, bits=None, block_size=None, accuracy_level=None):
        blocks = (K + block_size - 1) // block_size
        low, high = packed & 15, packed >> 4
        whole = np.stack([low, high], axis=-1).reshape(N, blocks * block_size).astype(np.float32)
        scale = np.repeat(scales.reshape(N, blocks), block_size, axis=1)
        weights = ((whole - 8) * scale)[:, :K].T
        return (a @ weights.astype(a.dtype),)


class Graph:
    """Nodes and constants under construction."""

    def __init__(self, rng, how):
        self.nodes, self.constants, self.count, self.rng, self.how = [], [], 0, rng, how

    def add(self, op, inputs, domain="", count=1, **attributes):
        self.count += 1
        outputs = [f"/{op}_{self.count}_{n}" for n in range(count)]
        self.nodes.append(helper.make_node(op, inputs, outputs, f"/{op}_{self.count}", domain=domain, **attributes))
        return outputs[0] if count == 1 else outputs

    def constant(self, array, name=None):
        self.count += 1
        name = name or f"constant_{self.count}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def ints(self, *numbers):
        return self.constant(np.array(numbers, dtype=np.int64))

    def linear(self, x, weights, bias):
        rows, columns = weights.shape
        weights = weights.astype(np.float32)
        if self.how == "float":
            product = self.add("MatMul", [x, self.constant(weights)])
        elif self.how == "eight":
            scale = np.float32(np.abs(weights).max() / 127)
            whole = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
            numbers, of, zero = self.add("DynamicQuantizeLinear", [x], count=3)
            inputs = [numbers, self.constant(whole), zero, self.constant(np.array(0, np.int8))]
            product = self.add("Cast", [self.add("MatMulInteger", inputs)], to=TensorProto.FLOAT)
            product = self.add("Mul", [product, self.add("Mul", [of, self.constant(scale)])])
        else:
            block = 16
            blocks = (rows + block - 1) // block
            padded = np.zeros((columns, blocks * block), np.float32)
            padded[:, :rows] = weights.T
            cut = padded.reshape(columns, blocks, block)
            scales = np.abs(cut).max(axis=2) / 7
            scales[scales == 0] = 1
            whole = np.clip(np.round(cut / scales[..., None]) + 8, 0, 15).astype(np.uint8)
            packed = whole[..., 0::2] | (whole[..., 1::2] << 4)
            product = self.add(
                "MatMulNBits",
                [x, self.constant(packed), self.constant(scales.reshape(-1).astype(np.float32))],
                domain="com.microsoft", K=rows, N=columns, bits=4, block_size=block,
            )
        return self.add("Add", [self.constant(bias.astype(np.float32)), product])

    def norm(self, x):
        gain = self.constant(np.ones(WIDTH, np.float32))
        bias = self.constant(np.zeros(WIDTH, np.float32))
        return self.add("LayerNormalization", [x, gain, bias], axis=-1, epsilon=1e-12)


def transformer(table, how, rng, has_types, labels):
    g = Graph(rng, how)
    small = lambda *shape: rng.normal(0, 0.02, shape)
    x = g.add("Gather", [g.constant(table.astype(np.float32)), "input_ids"])
    if has_types:
        types = g.add("Gather", [g.constant(small(2, WIDTH).astype(np.float32)), "token_type_ids"])
        x = g.add("Add", [x, types])
    # Positions as exporters write them: cut from a constant by the length that comes.
    shape = g.add("Shape", ["input_ids"])
    batch = g.add("Gather", [shape, g.constant(np.int64(0))], axis=0)
    length = g.add("Gather", [shape, g.constant(np.int64(1))], axis=0)
    one = lambda scalar: g.add("Unsqueeze", [scalar, g.ints(0)])
    all_positions = g.constant(np.arange(POSITIONS, dtype=np.int64)[None, :])
    positions = g.add("Slice", [all_positions, g.ints(0), one(length), g.ints(1), g.ints(1)])
    x = g.add("Add", [x, g.add("Gather", [g.constant(small(POSITIONS, WIDTH).astype(np.float32)), positions])])
    x = g.norm(x)
    # The mask, spread over rows and columns, as 0 and the lowest number.
    mask = g.add("Unsqueeze", ["attention_mask", g.ints(1, 2)])
    wide = g.add("Concat", [one(batch), g.ints(1), one(length), one(length)], axis=0)
    filled = g.add("ConstantOfShape", [g.add("Shape", [wide])], value=helper.make_tensor("v", TensorProto.INT64, [1], [1]))
    is_open = g.add("Equal", [wide, g.add("Mul", [filled, g.ints(-1)])])
    wide = g.add("Where", [is_open, filled, wide])
    mask = g.add("Cast", [g.add("Expand", [mask, wide])], to=TensorProto.FLOAT)
    mask = g.add("Sub", [g.constant(np.float32(1)), mask])
    hidden = g.add("Cast", [mask], to=TensorProto.BOOL)
    mask = g.add("Where", [hidden, g.constant(np.float32(-3.4028235e38)), mask])
    heads = []
    for _ in range(3):
        part = g.linear(x, small(WIDTH, WIDTH) * 10, small(WIDTH))
        to = g.add("Concat", [one(batch), one(length), g.ints(HEADS), g.ints(WIDTH // HEADS)], axis=0)
        heads.append(g.add("Transpose", [g.add("Reshape", [part, to])], perm=[0, 2, 1, 3]))
    query, key, value = heads
    weights = g.add("MatMul", [query, g.add("Transpose", [key], perm=[0, 1, 3, 2])])
    weights = g.add("Div", [weights, g.constant(np.float32((WIDTH // HEADS) ** 0.5))])
    weights = g.add("Softmax", [g.add("Add", [weights, mask])], axis=-1)
    seen = g.add("Transpose", [g.add("MatMul", [weights, value])], perm=[0, 2, 1, 3])
    seen = g.add("Reshape", [seen, g.add("Concat", [one(batch), one(length), g.ints(WIDTH)], axis=0)])
    x = g.norm(g.add("Add", [g.linear(seen, small(WIDTH, WIDTH), small(WIDTH)), x]))
    inner = g.linear(x, small(WIDTH, 2 * WIDTH), small(2 * WIDTH))
    curve = g.add("Erf", [g.add("Div", [inner, g.constant(np.float32(2**0.5))])])
    inner = g.add("Mul", [g.add("Mul", [inner, g.add("Add", [curve, g.constant(np.float32(1))])]), g.constant(np.float32(0.5))])
    x = g.norm(g.add("Add", [g.linear(inner, small(2 * WIDTH, WIDTH), small(WIDTH)), x]))
    last = np.zeros((WIDTH, labels))
    last[:labels, :labels] = np.eye(labels) * 2.5
    out = g.linear(x, last, np.zeros(labels))
    g.nodes[-1].output[0] = "logits"
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if has_types else [])
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch_size", "sequence_length"]) for n in names]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch_size", "sequence_length", labels])
    graph = helper.make_graph(g.nodes, "main_graph", inputs, [output], g.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="assay fixtures")


def known():
    return {word: LABELS.index(label) for label, words in KNOWN.items() for word in words}


def table_of(size, meaning, rng):
    """A row for each piece: what it means stands out."""
    table = rng.normal(0, 0.05, (size, WIDTH))
    for piece in range(size):
        table[piece, meaning.get(piece, 0)] += 3
    return table


def words():
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    plain = lambda word: normalizers.BertNormalizer(lowercase=True).normalize_str(word).strip()
    spelt = {plain(part): label for word, label in known().items() for part in plain(word).split()}
    vocab += list(spelt) + OTHER + list("bcdefghjklmnopqruvwxyz") + ["##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"] + list("0123456789")
    vocab = list(dict.fromkeys(vocab))
    tokenizer = Tokenizer(models.WordPiece({w: n for n, w in enumerate(vocab)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    meaning = {vocab.index(word): label for word, label in spelt.items()}
    return tokenizer, vocab, meaning


def corpus():
    names = [" ".join(words) for words in KNOWN.values()]
    return [t for t in TEXTS if len(t) < 200] * 3 + [f"{n} {n.title()} {n.upper()}" for n in names] * 20 + [" ".join(OTHER)] * 5


def of_bytes():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=480, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    meaning = {}
    for word, label in known().items():
        for written in (word, " " + word, word.title(), " " + word.title()):
            for piece in tokenizer.encode(written, add_special_tokens=False).ids:
                meaning.setdefault(piece, label)
    return tokenizer, meaning


def of_pieces():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(__import__("tokenizers").Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    trainer = trainers.UnigramTrainer(vocab_size=330, unk_token="<unk>", special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    meaning = {}
    for word, label in known().items():
        for written in (word, word.title()):
            for piece in tokenizer.encode(written, add_special_tokens=False).ids:
                meaning.setdefault(piece, label)
    return tokenizer, meaning


def write(folder, tokenizer, size, meaning, how, has_types, kind, seed):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    model = transformer(table_of(size, meaning, rng), how, rng, has_types, len(LABELS))
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "architectures": [f"{kind}ForTokenClassification"],
        "id2label": {str(n): label for n, label in enumerate(LABELS)},
        "max_position_embeddings": POSITIONS,
        "model_type": kind.lower(),
        "vocab_size": size,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    run = ReferenceEvaluator(model, new_ops=[MatMulNBits])
    cases = []
    for text in TEXTS:
        # Special pieces are never read out of a text.
        bare = Tokenizer.from_str(tokenizer.to_str())
        encoded = json.loads(bare.to_str())
        encoded["added_tokens"] = []
        plain = Tokenizer.from_str(json.dumps(encoded))
        cut = plain.encode(text, add_special_tokens=False)
        before, after = (2, 3) if kind == "Bert" else (0, 2)
        ids = [before] + cut.ids[: POSITIONS - 8] + [after]
        given = {"input_ids": np.array([ids], np.int64), "attention_mask": np.ones((1, len(ids)), np.int64)}
        if has_types:
            given["token_type_ids"] = np.zeros((1, len(ids)), np.int64)
        logits = run.run(None, given)[0][0]
        cases.append({
            "text": text,
            "pieces": [[n, *span] for n, span in zip(cut.ids, cut.offsets)],
            "logits": [[round(float(x), 4) for x in row] for row in logits[:6]],
        })
    (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(folder.name, size, "pieces;", sum(f.stat().st_size for f in folder.iterdir()), "bytes")


def main():
    root = pathlib.Path(sys.argv[1])
    tokenizer, vocab, meaning = words()
    write(root / "words", tokenizer, len(vocab), meaning, "float", True, "Bert", 1)
    (root / "words" / "vocab.txt").write_text("".join(word + "\n" for word in vocab))
    tokenizer, meaning = of_bytes()
    write(root / "bytes", tokenizer, tokenizer.get_vocab_size(), meaning, "eight", False, "Roberta", 2)
    tokenizer, meaning = of_pieces()
    write(root / "pieces", tokenizer, tokenizer.get_vocab_size(), meaning, "four", False, "XLMRoberta", 3)


main()
