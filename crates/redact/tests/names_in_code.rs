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
