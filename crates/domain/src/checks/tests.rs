//! Facts to findings: each check on a trail that is told what to answer.

use std::collections::HashMap;

use super::*;
use crate::call::Kind;
use crate::settings::read;

/// Answers from a table; what is not in it is 0.
#[derive(Default)]
struct Told {
    counts: HashMap<String, u64>,
    values: HashMap<(String, String), Vec<(Option<String>, u64)>>,
    days: Vec<Day>,
    scanned: (u64, u64),
}

impl Told {
    fn count(mut self, query: &str, count: u64) -> Self {
        self.counts.insert(format!("deployment:x {query}").trim_end().to_owned(), count);
        self
    }

    fn values(mut self, key: &str, query: &str, values: &[(Option<&str>, u64)]) -> Self {
        let values = values.iter().map(|(value, count)| (value.map(str::to_owned), *count)).collect();
        self.values.insert((key.to_owned(), format!("deployment:x {query}").trim_end().to_owned()), values);
        self
    }
}

impl Trail for Told {
    fn count(&self, query: &str) -> Result<u64, Failure> {
        crate::query::Query::parse(query, crate::query::keys::Table::Calls)?;
        Ok(self.counts.get(query).copied().unwrap_or(0))
    }
    fn values(&self, key: &str, query: &str) -> Result<Vec<(Option<String>, u64)>, Failure> {
        Ok(self.values.get(&(key.to_owned(), query.to_owned())).cloned().unwrap_or_default())
    }
    fn examples(&self, query: &str) -> Result<Vec<String>, Failure> {
        crate::query::Query::parse(query, crate::query::keys::Table::Calls)?;
        Ok(vec!["id".into()])
    }
    fn days(&self, _: &str) -> Result<Vec<Day>, Failure> {
        Ok(self.days.clone())
    }
    fn scanned(&self, _: &str) -> Result<(u64, u64), Failure> {
        Ok(self.scanned)
    }
}

fn definition(kind: Kind) -> Definition {
    Definition::bare("x", kind)
}

fn verdicts(check: &Check, definition: &Definition, settings: &str, trail: &Told) -> Vec<(Verdict, String)> {
    let settings = read(settings.as_bytes(), "s.json").0;
    let subject = Subject { definition, settings: &settings, trail };
    (check.run)(&subject).unwrap().into_iter().map(|answer| (answer.verdict, answer.title)).collect()
}

fn verdict(check: &Check, definition: &Definition, settings: &str, trail: &Told) -> Verdict {
    let all = verdicts(check, definition, settings, trail);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].0
}

#[test]
fn nothing_known_is_never_met() {
    for kind in Kind::ALL {
        let mut strict = definition(kind);
        strict.regulated = true;
        strict.zero_retention = true;
        strict.requirements.log_retention_min_days = Some(180);
        strict.requirements.private_path = true;
        for allowed in [vec![], vec!["geo:eu".to_owned()]] {
            strict.allowed_places = allowed;
            let told = Told::default();
            let subject = Subject { definition: &strict, settings: &[], trail: &told };
            for finding in run(&subject).unwrap() {
                assert_eq!(finding.verdict, Verdict::Unknown, "{} {}: {}", kind.name(), finding.check, finding.title);
            }
        }
    }
}

#[test]
fn log_retention_has_a_floor_and_a_ceiling() {
    let mut wanted = definition(Kind::Bedrock);
    assert_eq!(verdict(&log_retention::CHECK, &wanted, "[]", &Told::default()), Verdict::Unknown);
    wanted.requirements.log_retention_min_days = Some(180);
    wanted.requirements.log_retention_max_days = Some(400);
    let days = |days: &str| format!(r#"{{"logGroups":[{{"logGroupName":"/b"{days}}}]}}"#);
    let of = |text: &str| verdict(&log_retention::CHECK, &wanted, &days(text), &Told::default());
    assert_eq!(of(r#","retentionInDays":14"#), Verdict::NotMet);
    assert_eq!(of(r#","retentionInDays":180"#), Verdict::Met);
    assert_eq!(of(r#","retentionInDays":400"#), Verdict::Met);
    assert_eq!(of(r#","retentionInDays":545"#), Verdict::NotMet);
    assert_eq!(of(""), Verdict::NotMet, "for ever is longer than the ceiling");
}

#[test]
fn logging_is_asked_of_every_region() {
    let wanted = definition(Kind::Bedrock);
    let two = || Told::default().values("requested_region", "", &[(Some("eu-west-1"), 9), (Some("eu-north-1"), 1)]);
    let on = r#"[{"call":"GetModelInvocationLoggingConfiguration","region":"eu-west-1","answer":{"loggingConfig":{"s3Config":{},"textDataDeliveryEnabled":true}}}]"#;
    let found = verdicts(&logging::CHECK, &wanted, on, &two());
    assert_eq!(found.iter().map(|(verdict, _)| *verdict).collect::<Vec<_>>(), [Verdict::Met, Verdict::Unknown]);
    let unlogged = two().count("requested_region:eu-west-1 body:not_carried", 3);
    let found = verdicts(&logging::CHECK, &wanted, on, &unlogged);
    assert_eq!(found[0].0, Verdict::NotMet);
    assert!(found[0].1.starts_with("3 of 9 calls"), "{}", found[0].1);
}

#[test]
fn residency_counts_outside_and_unknown_apart() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.allowed_places = vec!["geo:eu".into()];
    let inside = Told::default().count("", 10).values("served_region", "", &[(Some("eu-west-1"), 10)]);
    assert_eq!(verdict(&residency::CHECK, &wanted, "[]", &inside), Verdict::Met);
    let some = Told::default()
        .count("", 10)
        .values("served_region", "", &[(Some("eu-west-1"), 8), (None, 2)])
        .values("requested_region", "-has:served_region", &[(Some("eu-west-1"), 2)]);
    assert_eq!(verdict(&residency::CHECK, &wanted, "[]", &some), Verdict::Unknown);
    let outside = Told::default().count("", 10).values("served_region", "", &[(Some("eu-west-1"), 7), (Some("us-east-1"), 3)]);
    let found = verdicts(&residency::CHECK, &wanted, "[]", &outside);
    assert_eq!(found[0].0, Verdict::NotMet);
    assert!(found[0].1.starts_with("3 of 10 calls"), "{}", found[0].1);
    let odd = Told::default().count("", 1).values("served_region", "", &[(Some("eu-moon-1"), 1)]);
    assert_eq!(verdict(&residency::CHECK, &wanted, "[]", &odd), Verdict::Unknown);
}

#[test]
fn global_routing_asks_only_the_regulated() {
    let mut wanted = definition(Kind::Bedrock);
    let told = |key: &str, values: &[(Option<&str>, u64)]| Told::default().count("", 5).values(key, "", values);
    let models = |model| told("request_model", &[(Some(model), 5)]);
    let global = models("arn:aws:bedrock:eu-west-1:1:inference-profile/global.anthropic.claude-x");
    assert!(verdicts(&global_routing::CHECK, &wanted, "[]", &global).is_empty());
    wanted.regulated = true;
    assert_eq!(verdict(&global_routing::CHECK, &wanted, "[]", &global), Verdict::NotMet);
    assert_eq!(verdict(&global_routing::CHECK, &wanted, "[]", &models("eu.anthropic.claude-x")), Verdict::Met);
    let mut direct = definition(Kind::ClaudeApi);
    direct.regulated = true;
    let silent = told("requested_region", &[(None, 5)]);
    assert_eq!(verdict(&global_routing::CHECK, &direct, "[]", &silent), Verdict::Unknown);
}

#[test]
fn zero_retention_can_be_judged_only_with_text() {
    let mut wanted = definition(Kind::ClaudeApi);
    assert!(verdicts(&zero_retention::CHECK, &wanted, "[]", &Told::default()).is_empty());
    wanted.zero_retention = true;
    let any = "feature:code_execution,container,file_reference,mcp_servers,batch,covered_model";
    let clean = || Told::default().count("", 4);
    assert_eq!(verdict(&zero_retention::CHECK, &wanted, "[]", &clean()), Verdict::Met);
    assert_eq!(verdict(&zero_retention::CHECK, &wanted, "[]", &clean().count(&format!("-body:present -{any}"), 1)), Verdict::Unknown);
    assert_eq!(verdict(&zero_retention::CHECK, &wanted, "[]", &clean().count(any, 1)), Verdict::NotMet);
}

#[test]
fn a_retention_mode_is_read_not_guessed() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.zero_retention = true;
    let of = |mode: &str| verdict(&retention_mode::CHECK, &wanted, &format!(r#"{{"mode":"{mode}"}}"#), &Told::default());
    assert_eq!((of("none"), of("aws_review"), of("new_mode")), (Verdict::Met, Verdict::NotMet, Verdict::Unknown));
}

#[test]
fn personal_data_and_secrets_are_counted_apart() {
    let wanted = definition(Kind::Bedrock);
    let prompts = "system,user_message,assistant_message,tool_result,tool_definition,document,metadata";
    let told = Told { scanned: (10, 0), ..Told::default() }
        .values("entity_type", "has:entity_type", &[(Some("EMAIL_ADDRESS"), 3), (Some("AWS_ACCESS_KEY"), 1), (Some("URL"), 9)])
        .count(&format!("entity_type:EMAIL_ADDRESS entity_field:{prompts}"), 3)
        .count("entity_type:AWS_ACCESS_KEY", 1);
    let found = verdicts(&personal_data::CHECK, &wanted, "[]", &told);
    assert_eq!(found.iter().map(|(verdict, _)| *verdict).collect::<Vec<_>>(), [Verdict::NotMet, Verdict::Met]);
    assert_eq!(found[0].1, "Personal data stands in the prompts of 3 of 10 calls.");
    assert_eq!(verdict(&secrets::CHECK, &wanted, "[]", &told), Verdict::NotMet);
    let unseen = Told { scanned: (10, 2), ..Told::default() };
    assert_eq!(verdict(&secrets::CHECK, &wanted, "[]", &unseen), Verdict::Unknown);
}

#[test]
fn a_jump_in_spending_needs_two_whole_months() {
    let wanted = definition(Kind::Bedrock);
    let days = |count: i64, later: i64| {
        (0..count)
            .map(|day| Day { start_ms: day * 86_400_000, calls: 1, cost_usd_micros: if day >= count - 31 { later } else { 1_000_000 }, cost_known: 1 })
            .collect::<Vec<_>>()
    };
    let of = |days| verdict(&spend::CHECK, &wanted, "[]", &Told { days, ..Told::default() });
    assert_eq!(of(days(61, 1_400_000)), Verdict::NotMet);
    assert_eq!(of(days(61, 1_200_000)), Verdict::Met);
    assert_eq!(of(days(40, 1_400_000)), Verdict::Unknown);
    let title = |later| verdicts(&spend::CHECK, &wanted, "[]", &Told { days: days(61, later), ..Told::default() })[0].1.clone();
    assert!(title(1_400_000).starts_with("Spending rose 40 %"), "{}", title(1_400_000));
    assert!(title(899_000).starts_with("Spending fell 10 %"), "{}", title(899_000));
    assert!(title(995_000).starts_with("Spending changed by less than 1 %"), "{}", title(995_000));
}

#[test]
fn models_are_looked_up() {
    let wanted = definition(Kind::ClaudeApi);
    let of = |model: &str| verdict(&models::CHECK, &wanted, "[]", &Told::default().count("", 2).values("request_model", "", &[(Some(model), 2)]));
    assert_eq!(of("claude-sonnet-5"), Verdict::Met);
    assert_eq!(of("claude-2.1"), Verdict::NotMet);
    assert_eq!(of("claude-unheard-of"), Verdict::Unknown);
}

#[test]
fn checks_are_well_formed_and_ids_are_stable() {
    let mut ids = std::collections::BTreeSet::new();
    for check in ALL {
        assert!(ids.insert(check.id) && check.question.ends_with('?') && !check.clauses.is_empty(), "{}", check.id);
        assert!(named(check.id).is_some());
    }
    assert_eq!(finding_id("a", "b", "c"), finding_id("a", "b", "c"));
    assert_ne!(finding_id("a", "b", "c"), finding_id("a", "bc", ""));
}
