//! Names in code, logs, forms and jargon, at the engine's boundary: text to entities under the policy that
//! the program comes with. Not here: names in letters and forms (`names.rs`).

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_redact::names::tags::KINDS;
use assay_redact::policy::{DEFAULT, Policy};
use assay_redact::redaction::entities;

/// What is found as a name, and its type.
fn found(text: &str) -> Vec<(String, String)> {
    let policy = Policy::parse(DEFAULT).unwrap();
    let is_named = |it: &str| KINDS.iter().any(|kind| kind.entity_type() == it);
    entities(text, &policy)
        .iter()
        .filter(|it| is_named(&it.entity_type))
        .map(|it| {
            (
                text[it.start..it.end].to_owned(),
                it.entity_type.to_string(),
            )
        })
        .collect()
}

#[track_caller]
fn names_nobody(texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|text| (*text, found(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[track_caller]
fn names(text: &str, expected: &[&str]) {
    let found = found(text);
    for name in expected {
        assert!(
            found.iter().any(|(it, _)| it.contains(name)),
            "{name} in {text}: {found:?}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
}

#[test]
fn identifiers_variants_and_comments_are_no_names() {
    names_nobody(&[
        "pub enum Shade {\n    Green,\n    White,\n    Brown,\n    New,\n    Constant,\n}",
        "class Grant(Enum):\n    CHASE = 1\n    Frank = 2\n\n    def mark(self, bill):\n        return self.rose[bill]",
        "/// Decodes the DC coefficient, e.g. of a tile, i.e. before the Zig-Zag order.\nfn decode(b: &mut Block) -> Option<Coefficient> {\n    b.next()\n}",
        "// N.B. The Arc is held until Send is done; Ruby does the same.\nlet arc = Arc::clone(&val);\nspawn(move || arc.run());",
        "import { Avatar, Grid, Paper } from '@ui/kit';\nexport const Frank = () => <Grid><Avatar/><Paper/></Grid>;",
        "static DAYS: [&str; 3] = [\"Mon\", \"Jan\", \"April\"];\nmatch key {\n    \"Enter\" => Key::Enter,\n    \"Stack\" => Key::Stack,\n}",
        "const RE = /[\u{370}-\u{3FF}\u{400}-\u{52F}\u{531}-\u{556}\u{5D0}-\u{5EA}\u{620}-\u{64A}\u{904}-\u{939}\u{985}-\u{9B9}\u{A05}-\u{A39}]+/;",
    ]);
}

#[test]
fn logs_traces_queries_and_settings_are_no_names() {
    names_nobody(&[
        "2026-03-01 09:12:44,120 ERROR [worker-3] c.e.billing.InvoiceJob - Retry Queue is full",
        "java.lang.IllegalStateException: Cart is closed\n\tat com.example.shop.Cart.add(Cart.java:41)\n\tat com.example.shop.Main.main(Main.java:9)",
        "SELECT o.Id, c.Region FROM Orders o JOIN Clients c ON c.Id = o.ClientId WHERE o.Status = 'Shipped';",
        "kind: Deployment\nmetadata:\n  name: chase-runner\nspec:\n  strategy: Recreate",
        "resource \"aws_instance\" \"web\" {\n  tags = {\n    Name = \"Build Runner\"\n    Team = \"platform\"\n  }\n}",
        "<ul><li>Pricing</li><li>Docs</li><li>Blog</li></ul>",
        "{\"status\": \"Active\", \"plan\": \"Gold\", \"cycle\": \"Monthly\"}",
        "--- a/src/mark.rs\n+++ b/src/mark.rs\n@@ -3,4 +3,4 @@ impl Mark\n-    Bold(Span),\n+    Heavy(Span),",
    ]);
}

#[test]
fn labels_and_jargon_are_no_names() {
    names_nobody(&[
        "Versichertennr: 4471190023",
        "주민등록번호:",
        "PID 12345",
        "rotate-key",
        "native-tls",
        "pls reset the pw, mfa is locked again",
        "Número de expediente: 2024/0091",
        "Kundennr. 88120, Rechnungsnr. 2024-17",
    ]);
}

#[test]
fn who_wrote_a_program_is_found() {
    names(
        "// Copyright (c) 2019 Annika Thorvald",
        &["Annika Thorvald"],
    );
    names(
        "/*\n * Parses the header of a frame.\n *\n * Author: Beatrix Kowalczyk <b.k@example.org>\n */\nint parse(struct frame *f) {\n    return f->len;\n}",
        &["Beatrix Kowalczyk"],
    );
    names(
        "authors = [\"Stefan Lindqvist <stefan@example.org>\"]",
        &["Stefan Lindqvist"],
    );
    names(
        "commit 3f2a11bc\nAuthor: Ravi Subramanian <ravi@example.com>\n\n    Close the cart before the queue",
        &["Ravi Subramanian"],
    );
}

#[test]
fn names_in_strings_and_tickets_are_found() {
    names(
        "let user = User {\n    name: \"Amelia Hartwell\",\n    city: \"Bristol\",\n};\nrun(&user);",
        &["Amelia Hartwell", "Bristol"],
    );
    names(
        "> Annika Thorvald\n> 14 Harbour Street\n> Bristol",
        &["Annika Thorvald", "14 Harbour Street", "Bristol"],
    );
    names(
        "- name: Claire Dubois\n  office: Marseille",
        &["Claire Dubois", "Marseille"],
    );
    names(
        "Ticket INC0045 was opened by Priya Raman, assigned to Mateusz Nowicki.",
        &["Priya Raman", "Mateusz Nowicki"],
    );
    names(
        "My name is Tobias Feldmann, please fix this:\n\n```rust\nfn main() {\n    let x = run(&[1, 2]);\n}\n```",
        &["Tobias Feldmann"],
    );
}

#[test]
fn lists_of_words_pieces_and_entries_are_no_names() {
    names_nobody(&[
        "monster\nmonth\nmoon\nmoral\nmorning\nmosquito\nmother\nmotion\nmotor\nmountain\nmouse\nmove\nmovie\nmuch\nmuffin\nmule\nmuscle",
        "const PAIRS: &str = \",sE,nO,a_,EN,E4,Di,AC,95,74,1_,1A,us,ly,ll,_b,SA,FC,69,5E,43,um,tT,OS,CE,87,7A,59,44,t-,bl,ad,Or,D5\";",
        "pub enum Kind {\n    /// A law that is proposed.\n    Bill,\n    /// A hearing.\n    Hearing,\n    Semicolon,\n    Strong,\n}",
        "const SKIPPED: &[&str] = &[\"webp\", \"mp3\", \"mp4\", \"avi\", \"mkv\", \"mov\", \"flac\", \"wav\", \"ogg\", \"pdf\", \"doc\"];",
        "__all__ = ('Timer', 'Hub', 'Pool', 'Beat', 'StateDB', 'Consumer')",
        "static TABLE: [u8; 16] = [\n            NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL,\n            NIL, NIL, NIL, NIL, NIL, NIL, NIL, NIL,\n];",
        "features: \"x11,x11-dlopen,wayland,wayland-dlopen\"",
        "HEADERS = {\n    \"X-Amz-Tagging\": \"Tagging\",\n    \"X-Amz-Grant-Read\": \"GrantRead\",\n    \"X-Amz-Storage-Class\": \"StorageClass\",\n}",
    ]);
}

#[test]
fn a_list_of_people_is_still_one() {
    names(
        "guests = [\"Anna\", \"Tobias\", \"Maria\", \"Jonas\", \"x\"]",
        &["Anna", "Tobias", "Maria", "Jonas"],
    );
    names(
        "attendees:\n    Anna Meier,\n    Tobias Feldmann,\n",
        &["Anna Meier", "Tobias Feldmann"],
    );
}

#[test]
fn terms_that_a_text_has_in_small_letters_as_well_are_no_names() {
    names_nobody(&[
        "A legal person is an entity; a Legal Entity is a person or a legal one, and an entity that controls it.",
        "Using a Memory Database in Multiple Threads or Coroutines\n\nTo use a memory database in multiple threads, the same connection has to be shared among coroutines and threads.",
    ]);
}

#[test]
fn keywords_headers_characters_and_everyday_words_of_programs_are_no_names() {
    names_nobody(&[
        "class Codec(codecs.Codec):\n    def decode(self, x):\n        return codecs.charmap_decode(x, TABLE)\n\nTABLE = {\n    0x00c3: 0x0623,     #  ARABIC LETTER ALEF WITH HAMZA ABOVE\n    0x00c5: 0x0625,     #  ARABIC LETTER ALEF WITH HAMZA BELOW\n    0x00ec: 0x008d,     #  LATIN SMALL LETTER I WITH GRAVE\n}",
        "WORDS = (\n    'ASK-OVER-',\n    'ASK-OVER-B',\n    'ASK-OVER-BO',\n    'ASK-OVER-BOX',\n    'BORDER-B',\n    'BORDER-BO',\n    'BORDER-BOT',\n)",
        "WORDS = (\n    'BORDER-BOTTOM-PI',\n    'BORDER-BOTTOM-PIX',\n    'BORDER-BOTTOM-PIXE',\n    'BORDER-BOTTOM-PIXEL',\n    'BORDER-BOTTOM-PIXELS',\n    'BORDER-LEFT-C',\n    'BORDER-LEFT-CH',\n    'BORDER-LEFT-CHA',\n)",
        "syn keyword aptNames contained Keep-Fds Verify-Host Verify-Peer\n\t\\ Install-Recommends Install-Suggests Keep-Fds List-Cleanup\n\t\\ Move-Autobit Never-Auto Fix-Broken Fix-Missing Force-Yes\nsyn match aptBrace '{' contains=(aptNames)",
        "syn keyword mathFunc contained sinh sqrt sprod tan tanh wide\nsyn keyword mathFunc contained round sin nori xori mori\nsyn keyword mathFunc contained (a) [b]",
        "fn send(&self) {\n    self.set(\"If-None-Match\", tag);\n    self.set(\"Access-Control-Request-Method\", way);\n}",
        "sheet.write(1, 0, \"East\")?;\nsheet.write(2, 0, \"West\")?;\nsheet.write(3, 0, \"North\")?;\nsheet.write(4, 0, \"Sales\")?;",
        "class Lexer(RegexLexer):\n    \"\"\"\n    For the Isabelle proof assistant.\n    \"\"\"\n    tokens = {'root': [(r'x', Text)]}",
    ]);
}

#[test]
fn people_in_programs_are_still_found() {
    names(
        "# Reported by Grace Hopkins, mended by Dean Rohrich.\ndef f(x):\n    return {x: [1, 2]}",
        &["Grace Hopkins", "Dean Rohrich"],
    );
    names(
        "users = [User(name=\"Grace Hopkins\"), User(name=\"JOHN SMITH\")]\nprint(users[0])",
        &["Grace Hopkins", "JOHN SMITH"],
    );
    names(
        "\" Thanks for patches:\n\" Stefan Lindqvist, Andre Challela, Fritz Reese, Anna Meier,\nif exists('b:x') | finish | endif\nlet b:x = {'a': [1]}",
        &[
            "Stefan Lindqvist",
            "Andre Challela",
            "Fritz Reese",
            "Anna Meier",
        ],
    );
    names(
        "// Copyright (C) 2011 ANNA MEIER, ALL RIGHTS RESERVED\nint f(void) { return (1); }",
        &["ANNA MEIER"],
    );
}

#[test]
fn what_is_called_after_somebody_in_a_program_is_nobody() {
    names_nobody(&[
        "// Shuffles in place, by Durstenfeld's algorithm.\nfn shuffle(it: &mut [u8]) {\n    it.swap(0, 1);\n}\nlet x = f(&[1]);",
        "# Uses the Needleman-Wunsch distance.\ndef f(x):\n    return {x: [1, 2]}\n",
    ]);
    names(
        "// Shuffles in place, as Richard Durstenfeld's algorithm does.\nfn shuffle(it: &mut [u8]) {\n    it.swap(0, 1);\n}\nlet x = f(&[1]);",
        &["Richard Durstenfeld"],
    );
}

#[test]
fn a_label_of_a_thing_names_nobody() {
    names_nobody(&[
        "\" Vim syntax file\n\" Language:\tJulia\n\" Last Change: 2021 May 3\nif exists('b:x') | finish | endif\nlet b:x = {'a': [1]}",
    ]);
    names(
        "\" Vim syntax file\n\" Maintainer:\tJulia Brandt\n\" Last Change: 2021 May 3\nif exists('b:x') | finish | endif\nlet b:x = {'a': [1]}",
        &["Julia Brandt"],
    );
}

#[test]
fn a_table_of_codes_and_words_names_nobody() {
    names_nobody(&[
        "[\n  {\"alpha\": \"ada\", \"name\": \"Adangme\"},\n  {\"alpha\": \"ben\", \"name\": \"Bengali\"},\n  {\"alpha\": \"mya\", \"name\": \"Burmese\"}\n]",
        "<select>\n<option value=\"br\">Breton</option>\n<option value=\"ht\">Haitian Creole</option>\n<option value=\"kl\">Kalaallisut</option>\n<option value=\"ms\">Malay</option>\n<option value=\"nr\">Southern Ndebele</option>\n<option value=\"frr\">Northern Frisian</option>\n<option value=\"ty\">Tahitian</option>\n</select>",
    ]);
    names(
        "<select>\n<option value=\"1\">Anna Meier</option>\n<option value=\"2\">Tobias Feldmann</option>\n<option value=\"3\">Maria Rossi</option>\n<option value=\"4\">Jonas Weber</option>\n<option value=\"5\">Claire Dubois</option>\n<option value=\"6\">Priya Raman</option>\n</select>",
        &[
            "Anna Meier",
            "Tobias Feldmann",
            "Maria Rossi",
            "Jonas Weber",
            "Claire Dubois",
            "Priya Raman",
        ],
    );
}

#[test]
fn what_a_text_about_programs_names_is_no_organization_unless_it_is_certain() {
    names_nobody(&[
        "Dealing with Binary Data Warnings and Unicode\n\nThe driver warns of `binary` data, so pass `binary_prefix=true`:\n\n    engine = create_engine(\n        \"mysql+mysqldb://localhost/test?binary_prefix=true\"\n    )\n",
    ]);
    names(
        "Hi, my name is Tobias Feldmann and I work in Lyon. Why does `load` fail where `open` does not?\n\n```python\nwith open(path) as handle:\n    load(handle)\n```\n",
        &["Tobias Feldmann", "Lyon"],
    );
}

#[test]
fn the_end_of_a_letter_and_what_an_address_is_of_belong_to_no_name() {
    names("Freundliche Grüsse\nAnna Meier", &["Anna Meier"]);
    names_nobody(&["Freundliche Grüsse"]);
    names("Er heißt Peter Gruss.", &["Peter Gruss"]);
    let found = found("Il a été vu à son domicile, 14 rue Daguerre, 75014 Paris.");
    assert!(found[0].0.starts_with("14 rue Daguerre"), "{found:?}");
}

#[test]
fn letters_of_every_alphabet_beside_a_name_are_read() {
    let blocks = (0_u32..0x3_0000).step_by(0x80).filter_map(|block| {
        let mut letters = (block..block + 0x80).filter_map(char::from_u32);
        letters.find(|c| c.is_alphabetic())
    });
    for letter in blocks {
        let text = format!("My name is Anna {letter}{letter} Meier, not Ben {letter}{letter}.");
        let found = found(&text);
        assert!(
            found.iter().any(|(name, _)| name.starts_with("Anna")),
            "{text}: {found:?}"
        );
    }
}
