//! Facts to findings: each check on a trail that is told what to answer.

mod coverage;
mod figures;

use std::collections::HashMap;

use assay_domain::call::Kind;
use assay_domain::checks::{
    Check, Covered, Day, Failure, Subject, Trail, Verdict, global_routing, log_retention, logging,
    residency, retention_mode, run, zero_retention,
};
use assay_domain::deployment::Definition;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_domain::settings::{date_ms, read};

/// Values with how often each occurs; `None` is "not recorded".
type Values = Vec<(Option<String>, u64)>;

/// Answers from a table; what is not in it is 0.
#[derive(Default)]
struct Told {
    counts: HashMap<String, u64>,
    values: HashMap<(String, String), Values>,
    days: Vec<Day>,
    scanned: (u64, u64),
    covered: Covered,
}

impl Told {
    fn count(mut self, query: &str, count: u64) -> Self {
        self.counts
            .insert(format!("deployment:x {query}").trim_end().to_owned(), count);
        self
    }

    fn values(mut self, key: &str, query: &str, values: &[(Option<&str>, u64)]) -> Self {
        let values = values
            .iter()
            .map(|(value, count)| (value.map(str::to_owned), *count))
            .collect();
        self.values.insert(
            (
                key.to_owned(),
                format!("deployment:x {query}").trim_end().to_owned(),
            ),
            values,
        );
        self
    }
}

impl Trail for Told {
    fn count(&self, query: &str) -> Result<u64, Failure> {
        Query::parse(query, Table::Calls)?;
        Ok(self.counts.get(query).copied().unwrap_or(0))
    }
    fn values(&self, key: &str, query: &str) -> Result<Vec<(Option<String>, u64)>, Failure> {
        Ok(self
            .values
            .get(&(key.to_owned(), query.to_owned()))
            .cloned()
            .unwrap_or_default())
    }
    fn examples(&self, query: &str) -> Result<Vec<String>, Failure> {
        Query::parse(query, Table::Calls)?;
        Ok(vec!["id".into()])
    }
    fn days(&self, _: &str) -> Result<Vec<Day>, Failure> {
        Ok(self.days.clone())
    }
    fn scanned(&self, _: &str) -> Result<(u64, u64), Failure> {
        Ok(self.scanned)
    }
    fn covered(&self, _: &Definition) -> Result<Covered, Failure> {
        Ok(self.covered.clone())
    }
}

fn definition(kind: Kind) -> Definition {
    Definition::bare("x", kind)
}

fn verdicts(
    check: &Check,
    definition: &Definition,
    settings: &str,
    trail: &Told,
) -> Vec<(Verdict, String)> {
    let settings = read(settings.as_bytes(), "s.json").0;
    let subject = Subject {
        definition,
        settings: &settings,
        trail,
        now_ms: date_ms("2026-11-24").unwrap(),
    };
    (check.run)(&subject)
        .unwrap()
        .into_iter()
        .map(|answer| (answer.verdict, answer.title))
        .collect()
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
            let subject = Subject {
                definition: &strict,
                settings: &[],
                trail: &told,
                now_ms: 0,
            };
            for finding in run(&subject).unwrap() {
                assert_eq!(
                    finding.verdict,
                    Verdict::Unknown,
                    "{} {}: {}",
                    kind.name(),
                    finding.check,
                    finding.title
                );
            }
        }
    }
}

/// An answer as it was read on a day, of `eu-west-1`.
fn read_on(at: &str, call: &str, answer: &str) -> String {
    format!(r#"{{"call":"{call}","region":"eu-west-1","at":"{at}T08:00:00Z","answer":{answer}}}"#)
}

fn read_lately(call: &str, answer: &str) -> String {
    read_on("2026-11-20", call, answer)
}

#[test]
fn log_retention_has_a_floor_and_a_ceiling() {
    let mut wanted = definition(Kind::Bedrock);
    assert_eq!(
        verdict(&log_retention::CHECK, &wanted, "[]", &Told::default()),
        Verdict::Unknown
    );
    wanted.requirements.log_retention_min_days = Some(180);
    wanted.requirements.log_retention_max_days = Some(400);
    let days = |days: &str| {
        read_lately(
            "DescribeLogGroups",
            &format!(r#"{{"logGroups":[{{"logGroupName":"/b"{days}}}]}}"#),
        )
    };
    let of = |text: &str| {
        verdict(
            &log_retention::CHECK,
            &wanted,
            &days(text),
            &Told::default(),
        )
    };
    assert_eq!(of(r#","retentionInDays":14"#), Verdict::NotMet);
    assert_eq!(of(r#","retentionInDays":180"#), Verdict::Met);
    assert_eq!(of(r#","retentionInDays":400"#), Verdict::Met);
    assert_eq!(of(r#","retentionInDays":545"#), Verdict::NotMet);
    assert_eq!(
        of(r#","retentionInDays":0"#),
        Verdict::Unknown,
        "0 days is how tools write never"
    );
    assert_eq!(
        of(""),
        Verdict::NotMet,
        "for ever is longer than the ceiling"
    );
}

#[test]
fn a_log_retention_that_is_told_in_part_is_not_met_or_unknown() {
    let mut floor = definition(Kind::Bedrock);
    floor.requirements.log_retention_min_days = Some(180);
    let of = |definition: &Definition, rules: &str| {
        let answer = read_lately(
            "GetBucketLifecycleConfiguration",
            &format!(r#"{{"Rules":[{rules}]}}"#),
        );
        verdict(&log_retention::CHECK, definition, &answer, &Told::default())
    };
    let rule = |days: u32, filter: &str| {
        format!(r#"{{"Status":"Enabled","Expiration":{{"Days":{days}}}{filter}}}"#)
    };
    let tagged = r#","Filter":{"Tag":{"Key":"k","Value":"v"}}"#;
    assert_eq!(
        of(&floor, ""),
        Verdict::Met,
        "no rule deletes anything, and no ceiling is declared"
    );
    assert_eq!(of(&floor, &rule(400, "")), Verdict::Met);
    assert_eq!(of(&floor, &rule(30, tagged)), Verdict::NotMet);
    assert_eq!(of(&floor, &rule(400, tagged)), Verdict::Unknown);
    let mut ceiling = definition(Kind::Bedrock);
    ceiling.requirements.log_retention_max_days = Some(400);
    assert_eq!(of(&ceiling, ""), Verdict::NotMet);
    assert_eq!(
        of(&ceiling, &rule(30, tagged)),
        Verdict::Unknown,
        "what has no tag may be kept for ever"
    );
}

#[test]
fn a_setting_of_long_ago_or_of_no_date_meets_nothing() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.zero_retention = true;
    wanted.requirements.log_retention_min_days = Some(180);
    let groups = r#"{"logGroups":[{"logGroupName":"/b","retentionInDays":400}]}"#;
    let of = |check: &Check, settings: &str| verdict(check, &wanted, settings, &Told::default());
    for (check, call, answer) in [
        (&log_retention::CHECK, "DescribeLogGroups", groups),
        (
            &retention_mode::CHECK,
            "GetAccountDataRetention",
            r#"{"mode":"none"}"#,
        ),
    ] {
        assert_eq!(
            of(check, &read_lately(call, answer)),
            Verdict::Met,
            "{call}"
        );
        for outdated in [
            read_on("2026-01-20", call, answer),
            read_on("2027-01-20", call, answer),
            answer.to_owned(),
        ] {
            assert_eq!(of(check, &outdated), Verdict::Unknown, "{outdated}");
        }
    }
    let failing = r#"{"logGroups":[{"logGroupName":"/b","retentionInDays":14}]}"#;
    assert_eq!(
        of(&log_retention::CHECK, failing),
        Verdict::NotMet,
        "what fails is shown, however old"
    );
}

#[test]
fn each_log_store_is_judged_and_a_region_without_one_is_unknown() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.requirements.log_retention_min_days = Some(180);
    let groups = r#"{"logGroups":[{"logGroupName":"/a","retentionInDays":400},{"logGroupName":"/b","retentionInDays":14}]}"#;
    let on = read_lately(
        "GetModelInvocationLoggingConfiguration",
        r#"{"loggingConfig":{"s3Config":{},"textDataDeliveryEnabled":true}}"#,
    );
    let settings = format!(
        "[{},{on},{}]",
        read_lately("DescribeLogGroups", groups),
        on.replace("eu-west-1", "eu-north-1")
    );
    let found = verdicts(&log_retention::CHECK, &wanted, &settings, &Told::default());
    assert_eq!(
        found
            .iter()
            .map(|(verdict, _)| *verdict)
            .collect::<Vec<_>>(),
        [Verdict::Met, Verdict::NotMet, Verdict::Unknown]
    );
    assert_eq!(
        found[2].1,
        "How long logs are kept is not known in 1 of 2 regions that log: eu-north-1."
    );
}

#[test]
fn logging_is_asked_of_every_region() {
    let wanted = definition(Kind::Bedrock);
    let two = || {
        Told::default().values(
            "requested_region",
            "",
            &[(Some("eu-west-1"), 9), (Some("eu-north-1"), 1)],
        )
    };
    let on = |at: &str| {
        read_on(
            at,
            "GetModelInvocationLoggingConfiguration",
            r#"{"loggingConfig":{"s3Config":{},"textDataDeliveryEnabled":true}}"#,
        )
    };
    let of = |settings: &str| {
        let found = verdicts(&logging::CHECK, &wanted, settings, &two());
        found
            .into_iter()
            .map(|(verdict, _)| verdict)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&on("2026-11-20")), [Verdict::Met, Verdict::Unknown]);
    assert_eq!(of(&on("2026-01-20")), [Verdict::Unknown, Verdict::Unknown]);
    let off = read_lately("GetModelInvocationLoggingConfiguration", "{}");
    assert_eq!(
        of(&format!("[{},{off}]", on("2026-11-20")))[0],
        Verdict::NotMet,
        "neither of two answers hides the other"
    );
    assert_eq!(
        verdicts(&logging::CHECK, &wanted, &format!("[{off}]"), &two())[0].1,
        "Model invocation logging in eu-west-1, where 9 calls were sent, is off."
    );
    let unlogged = two().count("requested_region:eu-west-1 body:not_carried", 3);
    let found = verdicts(&logging::CHECK, &wanted, &on("2026-11-20"), &unlogged);
    assert_eq!(found[0].0, Verdict::NotMet);
    assert!(found[0].1.starts_with("3 of 9 calls"), "{}", found[0].1);
}

#[test]
fn logging_on_vertex_is_asked_of_every_model() {
    let wanted = definition(Kind::Vertex);
    let trail = Told::default()
        .values("requested_region", "", &[(Some("eu-west-1"), 9)])
        .values(
            "request_model",
            "requested_region:eu-west-1",
            &[(Some("claude-a"), 7), (Some("claude-b"), 2)],
        );
    let of = |models: &[&str]| {
        let config = r#"{"loggingConfig":{"enabled":true,"samplingRate":1}}"#;
        let answers: Vec<String> = models
            .iter()
            .map(|model| {
                read_lately(
                    &format!("GET /models/{model}:fetchPublisherModelConfig"),
                    config,
                )
            })
            .collect();
        verdicts(
            &logging::CHECK,
            &wanted,
            &format!("[{}]", answers.join(",")),
            &trail,
        )
        .remove(0)
    };
    assert_eq!(of(&["claude-a", "claude-b"]).0, Verdict::Met);
    let (verdict, title) = of(&["claude-a"]);
    assert_eq!(verdict, Verdict::Unknown);
    assert!(title.starts_with("For 2 of 9 calls"), "{title}");
    assert_eq!(of(&[]).0, Verdict::Unknown);
}

#[test]
fn residency_counts_outside_and_unknown_apart() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.allowed_places = vec!["geo:eu".into()];
    let inside =
        Told::default()
            .count("", 10)
            .values("served_region", "", &[(Some("eu-west-1"), 10)]);
    assert_eq!(
        verdict(&residency::CHECK, &wanted, "[]", &inside),
        Verdict::Met
    );
    let inferred = inside.count("served_region:eu-west-1 join:inferred_region", 2);
    assert_eq!(
        verdict(&residency::CHECK, &wanted, "[]", &inferred),
        Verdict::Unknown,
        "an inferred join proves no place"
    );
    let some = Told::default()
        .count("", 10)
        .values("served_region", "", &[(Some("eu-west-1"), 8), (None, 2)])
        .values(
            "requested_region",
            "-has:served_region",
            &[(Some("eu-west-1"), 2)],
        );
    assert_eq!(
        verdict(&residency::CHECK, &wanted, "[]", &some),
        Verdict::Unknown
    );
    let outside = Told::default().count("", 10).values(
        "served_region",
        "",
        &[(Some("eu-west-1"), 7), (Some("us-east-1"), 3)],
    );
    let found = verdicts(&residency::CHECK, &wanted, "[]", &outside);
    assert_eq!(
        found,
        [(
            Verdict::NotMet,
            "3 of 10 calls ran or were sent outside the European Union.".to_owned()
        )]
    );
    let one = Told::default()
        .count("", 1)
        .values("served_region", "", &[(Some("eu-west-1"), 1)]);
    assert_eq!(
        verdicts(&residency::CHECK, &wanted, "[]", &one)[0].1,
        "The only call ran inside the allowed places (the European Union)."
    );
    let odd = Told::default()
        .count("", 1)
        .values("served_region", "", &[(Some("eu-moon-1"), 1)]);
    assert_eq!(
        verdict(&residency::CHECK, &wanted, "[]", &odd),
        Verdict::Unknown
    );
}

#[test]
fn global_routing_asks_only_the_regulated() {
    let mut wanted = definition(Kind::Bedrock);
    let told = |key: &str, values: &[(Option<&str>, u64)]| {
        Told::default().count("", 5).values(key, "", values)
    };
    let models = |model| told("request_model", &[(Some(model), 5)]);
    let global = models("arn:aws:bedrock:eu-west-1:1:inference-profile/global.anthropic.claude-x");
    assert!(verdicts(&global_routing::CHECK, &wanted, "[]", &global).is_empty());
    wanted.regulated = true;
    assert_eq!(
        verdict(&global_routing::CHECK, &wanted, "[]", &global),
        Verdict::NotMet
    );
    assert_eq!(
        verdict(
            &global_routing::CHECK,
            &wanted,
            "[]",
            &models("eu.anthropic.claude-x")
        ),
        Verdict::Met
    );
    let judged = |kind: Kind, place: Option<&str>| {
        let mut other = definition(kind);
        other.regulated = true;
        verdict(
            &global_routing::CHECK,
            &other,
            "[]",
            &told("requested_region", &[(place, 5)]),
        )
    };
    assert_eq!(judged(Kind::ClaudeApi, None), Verdict::Unknown);
    assert_eq!(judged(Kind::ClaudeApi, Some("us")), Verdict::Met);
    assert_eq!(
        judged(Kind::ClaudeApi, Some("eu-west-1")),
        Verdict::Unknown,
        "an AWS Region of the Claude Platform pins nothing"
    );
    assert_eq!(judged(Kind::Vertex, Some("global")), Verdict::NotMet);
    assert_eq!(judged(Kind::Vertex, Some("eu")), Verdict::Met);
    assert_eq!(judged(Kind::Private, Some("eu-west-1")), Verdict::Unknown);
}

#[test]
fn routing_that_the_id_does_not_tell_is_unknown() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.regulated = true;
    let of = |model: &str| {
        Told::default()
            .count("", 5)
            .values("request_model", "", &[(Some(model), 5)])
    };
    for model in [
        "arn:aws:bedrock:eu-west-1:1:application-inference-profile/a1",
        "claude-sonnet",
    ] {
        assert_eq!(
            verdict(&global_routing::CHECK, &wanted, "[]", &of(model)),
            Verdict::Unknown,
            "{model}"
        );
    }
    let bare = || of("anthropic.claude-x");
    assert_eq!(
        verdict(&global_routing::CHECK, &wanted, "[]", &bare()),
        Verdict::Met
    );
    let mantle = bare().count("request_model:anthropic.claude-x -has:served_region", 2);
    assert_eq!(
        verdict(&global_routing::CHECK, &wanted, "[]", &mantle),
        Verdict::Unknown
    );
}

#[test]
fn zero_retention_can_be_judged_only_with_text() {
    let mut wanted = definition(Kind::ClaudeApi);
    assert!(verdicts(&zero_retention::CHECK, &wanted, "[]", &Told::default()).is_empty());
    wanted.zero_retention = true;
    let any = "feature:code_execution,container,file_reference,mcp_servers,batch,covered_model";
    let clean = || Told::default().count("", 4);
    assert_eq!(
        verdict(&zero_retention::CHECK, &wanted, "[]", &clean()),
        Verdict::Met
    );
    assert_eq!(
        verdict(
            &zero_retention::CHECK,
            &wanted,
            "[]",
            &clean().count(&format!("-body:present -{any}"), 1)
        ),
        Verdict::Unknown
    );
    assert_eq!(
        verdict(
            &zero_retention::CHECK,
            &wanted,
            "[]",
            &clean().count(any, 1)
        ),
        Verdict::NotMet
    );
}

#[test]
fn a_retention_mode_is_read_not_guessed() {
    let mut wanted = definition(Kind::Bedrock);
    wanted.zero_retention = true;
    let settings = |mode: &str| {
        read_lately(
            "GetAccountDataRetention",
            &format!(r#"{{"mode":"{mode}"}}"#),
        )
    };
    let of = |mode: &str| {
        verdict(
            &retention_mode::CHECK,
            &wanted,
            &settings(mode),
            &Told::default(),
        )
    };
    assert_eq!(
        (of("none"), of("aws_review"), of("new_mode")),
        (Verdict::Met, Verdict::NotMet, Verdict::Unknown)
    );
    assert_eq!(of("default"), Verdict::Unknown, "it follows the model");
    let covered = Told::default().count("feature:covered_model", 3);
    assert_eq!(
        verdict(
            &retention_mode::CHECK,
            &wanted,
            &settings("default"),
            &covered
        ),
        Verdict::NotMet
    );
}
