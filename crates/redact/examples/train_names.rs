//! Trains the names model:
//! `train_names LEXICON NETWORK MODEL [--epochs N] [--mean N] [--cut N] [--lean X,…] [--hold] [--fast] SET.jsonl[*SHARE]…`.
//!
//! Sets are lines of `{"text", "spans": [{"start", "end", "label"}]}` with offsets in code points.
//! With a share, as many of a set are learnt from in each epoch, drawn anew. `--mean` takes the mean of the weights
//! after each of the last epochs, `--cut` leaves out features that are in fewer sentences; `--fast` measures without
//! the network. Reads, trains, writes the model and prints how it does on what was held back. Not here: where sets
//! and the lexicon come from (`scripts/names`).

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for whoever trains; a panic says what is wrong with its input"
)]
#![allow(
    clippy::needless_range_loop,
    reason = "words, tags and sides number several rows at once"
)]

use assay_redact::names::features::{Features, Left, codes};
use assay_redact::names::model::{Lexicon, Model, ROWS};
use assay_redact::names::network::Network;
use assay_redact::names::tags::{Kind, LANES, OUTSIDE, TAGS, begins, goes_on, may_follow};
use assay_redact::names::words::{Word, split};
use assay_redact::names::{Name, Scratch, WINDOW, find};
use sha2::{Digest, Sha256};

/// How fast weights move, and how far they are pulled back to nothing.
const RATE: f32 = 0.05;
const DECAY: f32 = 1e-3;
/// How many words of a hundred are learnt without themselves, and without the lexicon.
const WITHOUT_WORDS: usize = 30;
const WITHOUT_LEXICON: usize = 15;

struct Labelled {
    text: String,
    /// Byte offsets; `None` where the set's label says neither yes nor no.
    spans: Vec<(usize, usize, Option<Kind>)>,
}

struct Sentence {
    text: String,
    words: Vec<Word>,
    /// What the line of each looks like.
    codes: Vec<u8>,
    /// The tags that each word may have, a bit each.
    allowed: Vec<u8>,
}

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// What a set's label is of; the outer `None` where it is no name.
fn kind_of(label: &str) -> Option<Option<Kind>> {
    Some(match label.to_uppercase().as_str() {
        "PERSON" | "PER" | "NOMBRE_SUJETO_ASISTENCIA" | "NOMBRE_PERSONAL_SANITARIO" => {
            Some(Kind::Person)
        }
        "LOCATION" | "LOC" | "GPE" | "STREET_ADDRESS" | "ADDRESS" | "ZIP_CODE" | "CALLE"
        | "TERRITORIO" | "PAIS" => Some(Kind::Location),
        "ORG" | "ORGANIZATION" | "CORPORATION" | "HOSPITAL" | "INSTITUCION" | "CENTRO_SALUD" => {
            Some(Kind::Organization)
        }
        // Bands, teams, titles of works, adjectives: one set calls them names and another does not.
        "GROUP"
        | "MISC"
        | "PRODUCT"
        | "CREATIVE-WORK"
        | "NRP"
        | "TITLE"
        | "FAMILIARES_SUJETO_ASISTENCIA"
        | "PROFESION"
        | "USERNAME" => None,
        _ => return None,
    })
}

fn read(path: &str) -> Vec<Labelled> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = record["text"].as_str().unwrap().to_owned();
            let places: Vec<usize> = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect();
            let spans = record["spans"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|span| {
                    let at = |key: &str| places[span[key].as_u64().unwrap() as usize];
                    let kind = kind_of(span["label"].as_str().unwrap())?;
                    Some((at("start"), at("end"), kind))
                })
                .collect();
            Labelled { text, spans }
        })
        .collect()
}

fn sentences(of: &Labelled, into: &mut Vec<Sentence>) {
    let (mut words, mut looks) = (Vec::new(), Vec::new());
    split(&of.text, &mut words);
    codes(&of.text, &words, &mut looks);
    let mut allowed = vec![1_u8 << OUTSIDE; words.len()];
    for (start, end, kind) in &of.spans {
        let mut is_first = true;
        for (index, word) in words.iter().enumerate() {
            if word.start >= *end || word.end <= *start {
                continue;
            }
            allowed[index] = match kind {
                Some(kind) if is_first => 1 << begins(*kind),
                Some(kind) => 1 << goes_on(*kind),
                None => u8::MAX >> 1,
            };
            is_first = false;
        }
    }
    let mut at = 0;
    while at < words.len() {
        let end = (at + WINDOW).min(words.len());
        into.push(Sentence {
            text: of.text.clone(),
            words: words[at..end].to_vec(),
            codes: looks[at..end].to_vec(),
            allowed: allowed[at..end].to_vec(),
        });
        at = end;
    }
}

/// The same in small letters or capitals, where that changes no length.
fn recased(of: &Labelled, is_upper: bool) -> Option<Labelled> {
    let text = match is_upper {
        true => of.text.to_uppercase(),
        false => of.text.to_lowercase(),
    };
    (text.len() == of.text.len()).then(|| Labelled {
        text,
        spans: of.spans.clone(),
    })
}

struct Trainer {
    /// Bits of the features that are learnt; none where all are.
    frequent: Vec<u64>,
    weights: Vec<[f32; LANES]>,
    squares: Vec<[f32; LANES]>,
    steps: [[f32; LANES]; LANES],
    step_squares: [[f32; LANES]; LANES],
    forward: [Vec<[f32; LANES]>; 2],
    backward: [Vec<[f32; LANES]>; 2],
}

/// The row of a feature.
fn row_of(hash: u32) -> usize {
    hash as usize & (ROWS - 1)
}

/// Places that features are counted in, few of which two share, and bits that mark the frequent ones, which lie near
/// the processor.
const COUNTS: u32 = 28;
const MARKS: u32 = 26;

fn is_marked(marks: &[u64], hash: u32) -> bool {
    let at = hash >> (32 - MARKS);
    marks[(at >> 6) as usize] >> (at & 63) & 1 != 0
}

/// Marks the features that are in so many sentences at least.
fn frequent(training: &[Sentence], lexicon: &Lexicon, least: u8) -> Vec<u64> {
    let mut counts = vec![0_u8; 1 << COUNTS];
    let mut marks = vec![0_u64; 1 << (MARKS - 6)];
    let (mut features, mut own) = (Features::default(), Vec::new());
    for sentence in training {
        let words = (&sentence.words[..], &sentence.codes[..]);
        features.with(lexicon, &sentence.text, words, |_| Left::Nothing);
        own.clear();
        for word in 0..sentence.words.len() {
            own.extend_from_slice(features.of_word(word));
        }
        own.sort_unstable();
        own.dedup();
        for hash in &own {
            let count = &mut counts[(hash >> (32 - COUNTS)) as usize];
            *count = count.saturating_add(1);
            if *count == least {
                let at = hash >> (32 - MARKS);
                marks[(at >> 6) as usize] |= 1 << (at & 63);
            }
        }
    }
    let all = counts.iter().filter(|count| **count > 0).count();
    let kept = counts.iter().filter(|count| **count >= least).count();
    eprintln!("{all} features, {kept} of them in {least} sentences and more");
    marks
}

impl Trainer {
    /// One step towards the sentence's tags; answers its loss.
    fn learn(&mut self, features: &Features, sentence: &Sentence) -> f32 {
        let words = sentence.words.len();
        let scores: Vec<[f32; LANES]> = (0..words)
            .map(|word| {
                let mut sum = [0.0; LANES];
                for hash in features.of_word(word) {
                    for (lane, weight) in self.weights[row_of(*hash)].iter().enumerate() {
                        sum[lane] += weight;
                    }
                }
                sum
            })
            .collect();
        let mut totals = [0.0; 2];
        for side in 0..2 {
            forward_backward(
                &scores,
                &self.steps,
                |word| {
                    if side == 0 {
                        u8::MAX
                    } else {
                        sentence.allowed[word]
                    }
                },
                &mut self.forward[side],
                &mut self.backward[side],
            );
            totals[side] = log_sum(self.forward[side][words - 1][..TAGS].iter().copied());
        }
        if !totals[1].is_finite() {
            return 0.0;
        }
        let mut step_slopes = [[0.0; LANES]; LANES];
        for word in 0..words {
            let mut slope = [0.0; LANES];
            for tag in 0..TAGS {
                for (side, sign) in [(0, 1.0), (1, -1.0)] {
                    let likely = self.forward[side][word][tag] + self.backward[side][word][tag]
                        - totals[side];
                    slope[tag] += sign * likely.exp();
                    let allowed = if side == 0 {
                        u8::MAX
                    } else {
                        sentence.allowed[word]
                    };
                    if allowed & (1 << tag) == 0 {
                        continue;
                    }
                    for before in (0..TAGS).filter(|before| may_follow(*before, tag)) {
                        let reached = match word {
                            0 if before == OUTSIDE => 0.0,
                            0 => continue,
                            _ => self.forward[side][word - 1][before],
                        };
                        let likely = reached
                            + self.steps[before][tag]
                            + scores[word][tag]
                            + self.backward[side][word][tag]
                            - totals[side];
                        step_slopes[before][tag] += sign * likely.exp();
                    }
                }
            }
            if slope.iter().all(|slope| slope.abs() < 1e-4) {
                continue;
            }
            for hash in features.of_word(word) {
                if !self.frequent.is_empty() && !is_marked(&self.frequent, *hash) {
                    continue;
                }
                let row = row_of(*hash);
                for lane in 0..TAGS {
                    move_by(
                        &mut self.weights[row][lane],
                        &mut self.squares[row][lane],
                        slope[lane],
                        RATE,
                    );
                }
            }
        }
        for before in 0..TAGS {
            for tag in 0..TAGS {
                let slope = step_slopes[before][tag];
                if slope != 0.0 {
                    let square = &mut self.step_squares[before][tag];
                    move_by(&mut self.steps[before][tag], square, slope, RATE);
                }
            }
        }
        totals[0] - totals[1]
    }
}

/// A step of AdaGrad.
fn move_by(weight: &mut f32, square: &mut f32, slope: f32, rate: f32) {
    let slope = slope + DECAY * *weight;
    *square += slope * slope;
    *weight -= rate * slope / (square.sqrt() + 1e-6);
}

/// Bytes of a place that lie on spans.
fn covered(at: (usize, usize), spans: impl Iterator<Item = (usize, usize)>) -> usize {
    let mut bytes = vec![false; at.1 - at.0];
    for (start, end) in spans {
        for byte in start.max(at.0)..end.min(at.1) {
            bytes[byte - at.0] = true;
        }
    }
    bytes.iter().filter(|byte| **byte).count()
}

/// Names count as found where at least half of them is covered, and what was found is right where at
/// least half of it lies on a name; kinds may differ.
fn measure(model: &Model, network: Option<&Network>, held: &[Labelled]) {
    let mut scratch = Scratch::default();
    let (mut right, mut wrong, mut hit, mut missed) = ([0; 3], [0; 3], [0; 3], [0; 3]);
    for record in held {
        let mut found: Vec<Name> = Vec::new();
        find(model, network, &record.text, &mut scratch, &mut found);
        let gold = || {
            record
                .spans
                .iter()
                .filter(|span| span.2.is_some())
                .map(|span| (span.0, span.1))
        };
        let open = || {
            record
                .spans
                .iter()
                .filter(|span| span.2.is_none())
                .map(|span| (span.0, span.1))
        };
        for name in &found {
            let at = (name.start, name.end);
            match covered(at, gold()) * 2 >= at.1 - at.0 {
                true => right[name.kind as usize] += 1,
                false if covered(at, open()) * 2 > at.1 - at.0 => {}
                false => wrong[name.kind as usize] += 1,
            }
        }
        for (start, end, kind) in &record.spans {
            let Some(kind) = kind else { continue };
            let names = found.iter().map(|name| (name.start, name.end));
            match covered((*start, *end), names) * 2 >= end - start {
                true => hit[*kind as usize] += 1,
                false => missed[*kind as usize] += 1,
            }
        }
    }
    let share = |a: i32, b: i32| a as f32 / ((a + b) as f32).max(1.0);
    for kind in [Kind::Person, Kind::Location, Kind::Organization] {
        let kind_at = kind as usize;
        print!(
            "  {kind:?} {:.3}/{:.3}",
            share(right[kind_at], wrong[kind_at]),
            share(hit[kind_at], missed[kind_at])
        );
    }
    let precision = share(right.iter().sum(), wrong.iter().sum());
    let recall = share(hit.iter().sum(), missed.iter().sum());
    println!(
        "  all {precision:.3}/{recall:.3}, F2 {:.3}",
        5.0 * precision * recall / (4.0 * precision + recall).max(1e-6)
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let lexicon = std::fs::read_to_string(arguments.next().unwrap()).unwrap();
    let lexicon = Lexicon::from_lines(lexicon.lines());
    let network = std::fs::read(arguments.next().unwrap()).unwrap();
    let network = Network::from_bytes(&network).unwrap();
    let out = arguments.next().unwrap();
    let (mut epochs, mut hold, mut leans, mut sets) = (8, false, vec![0.0], Vec::new());
    let (mut cut, mut mean, mut fast) = (1_u8, 1, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--epochs" => epochs = arguments.next().unwrap().parse().unwrap(),
            "--lean" => {
                let list = arguments.next().unwrap();
                leans = list.split(',').map(|lean| lean.parse().unwrap()).collect();
            }
            "--hold" => hold = true,
            "--fast" => fast = true,
            "--cut" => cut = arguments.next().unwrap().parse().unwrap(),
            "--mean" => mean = arguments.next().unwrap().parse().unwrap(),
            _ => match argument.rsplit_once('*') {
                Some((path, share)) => sets.push((path.to_owned(), share.parse().unwrap())),
                None => sets.push((argument, 1.0)),
            },
        }
    }
    let mut chance = Chance(20_261_128);
    let (mut training, mut held) = (Vec::new(), Vec::new());
    let mut shares: Vec<f32> = Vec::new();
    for (path, share) in &sets {
        let mut back = Vec::new();
        let mut used = 0;
        for record in read(path) {
            // Half by the text's hash: the same records whatever else is read.
            if hold && Sha256::digest(record.text.as_bytes())[0] % 2 == 1 {
                back.push(record);
                continue;
            }
            used += 1;
            let copies = match chance.below(20) {
                0 | 1 => recased(&record, false),
                2 => recased(&record, true),
                _ => None,
            };
            sentences(&record, &mut training);
            if let Some(copy) = copies {
                sentences(&copy, &mut training);
            }
        }
        shares.resize(training.len(), *share);
        eprintln!("{path}: {used} records used, {} held back", back.len());
        held.push((path.clone(), back));
    }
    let mut trainer = Trainer {
        frequent: Vec::new(),
        weights: vec![[0.0; LANES]; ROWS],
        squares: vec![[0.0; LANES]; ROWS],
        steps: [[0.0; LANES]; LANES],
        step_squares: [[0.0; LANES]; LANES],
        forward: Default::default(),
        backward: Default::default(),
    };
    let mut features = Features::default();
    if cut > 1 {
        trainer.frequent = frequent(&training, &lexicon, cut);
    }
    let (mut means, mut mean_steps) = (vec![[0.0_f32; LANES]; ROWS], [[0.0_f32; LANES]; LANES]);
    for epoch in 1..=epochs {
        let mut order: Vec<usize> = Vec::new();
        for (index, share) in shares.iter().enumerate() {
            let whole = share.floor() as usize;
            let more = (chance.below(1 << 20) as f32) < share.fract() * (1 << 20) as f32;
            order.extend(std::iter::repeat_n(index, whole + usize::from(more)));
        }
        for index in (1..order.len()).rev() {
            order.swap(index, chance.below(index + 1));
        }
        let mut loss = 0.0;
        for index in &order {
            let sentence = &training[*index];
            let salt = chance.next();
            features.with(
                &lexicon,
                &sentence.text,
                (&sentence.words, &sentence.codes),
                |word| match Chance(salt ^ word as u64).below(100) {
                    below if below < WITHOUT_WORDS => Left::Words,
                    below if below < WITHOUT_WORDS + WITHOUT_LEXICON => Left::Lexicon,
                    _ => Left::Nothing,
                },
            );
            loss += trainer.learn(&features, sentence);
        }
        eprintln!(
            "epoch {epoch}: loss {:.4} a sentence",
            loss / order.len() as f32
        );
        if epoch + mean > epochs {
            let part = 1.0 / mean as f32;
            for (all, now) in means
                .iter_mut()
                .flatten()
                .zip(trainer.weights.iter().flatten())
            {
                *all += now * part;
            }
            for (all, now) in mean_steps
                .iter_mut()
                .flatten()
                .zip(trainer.steps.iter().flatten())
            {
                *all += now * part;
            }
        }
    }
    if mean > 0 {
        trainer.weights = means;
        trainer.steps = mean_steps;
    }
    for lean in leans {
        // Towards finding more than is sure: what is missed is worse than what is found too much.
        let mut steps = trainer.steps;
        for row in &mut steps {
            row[OUTSIDE] -= lean;
        }
        let model = Model::new(lexicon.clone(), &trainer.weights, steps);
        std::fs::write(&out, model.to_bytes()).unwrap();
        println!("lean {lean}");
        for (index, (path, back)) in held.iter().enumerate() {
            let is_first = held[..index].iter().all(|(other, _)| other != path);
            if !back.is_empty() && is_first {
                print!("{:22}", path.rsplit('/').next().unwrap());
                measure(&model, None, back);
                if !fast {
                    print!("{:22}", "  with the network");
                    measure(&model, Some(&network), back);
                }
            }
        }
    }
}

/// `log(exp(a) + exp(b) + …)`.
fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + values.map(|value| (value - most).exp()).sum::<f32>().ln()
}

/// Fills `forward` with the logarithm of the weight of all sequences up to and with each word and tag,
/// `backward` with that of all after it. `allowed` is the set of tags that a word may have, a bit each.
fn forward_backward(
    scores: &[[f32; LANES]],
    steps: &[[f32; LANES]; LANES],
    allowed: impl Fn(usize) -> u8,
    forward: &mut Vec<[f32; LANES]>,
    backward: &mut Vec<[f32; LANES]>,
) {
    let words = scores.len();
    let none = [f32::NEG_INFINITY; LANES];
    forward.clear();
    forward.resize(words, none);
    backward.clear();
    backward.resize(words, none);
    let may = |word: usize, tag: usize| allowed(word) & (1 << tag) != 0;
    for word in 0..words {
        for tag in (0..TAGS).filter(|tag| may(word, *tag)) {
            let before = match word {
                0 if may_follow(OUTSIDE, tag) => steps[OUTSIDE][tag],
                0 => f32::NEG_INFINITY,
                _ => {
                    let row = forward[word - 1];
                    log_sum(
                        (0..TAGS)
                            .filter(|before| may_follow(*before, tag))
                            .map(|before| row[before] + steps[before][tag]),
                    )
                }
            };
            forward[word][tag] = before + scores[word][tag];
        }
    }
    for word in (0..words).rev() {
        for tag in (0..TAGS).filter(|tag| may(word, *tag)) {
            backward[word][tag] = match word + 1 == words {
                true => 0.0,
                false => {
                    let row = backward[word + 1];
                    log_sum(
                        (0..TAGS)
                            .filter(|next| may_follow(tag, *next))
                            .map(|next| steps[tag][next] + scores[word + 1][next] + row[next]),
                    )
                }
            };
        }
    }
}
