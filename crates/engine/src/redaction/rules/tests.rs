//! Rules as they are typed: what is found, what is refused, and in which words.

use super::*;

const POLICY: &str =
    "name = 'own'\nversion = '1'\n[operators]\ndefault = { operator = \"replace\" }\n";

fn claim(pattern: &str) -> RuleForm {
    RuleForm {
        name: "claim".to_owned(),
        entity_type: "CLAIM".to_owned(),
        category: "custom".to_owned(),
        pattern: pattern.to_owned(),
        score: 0.8,
        ..RuleForm::default()
    }
}

fn try_it(rule: RuleForm) -> TriedRule {
    let input = TryRule {
        rule,
        policy_toml: POLICY.to_owned(),
        replaces: None,
        text: Some("claim C-123456 of jo@example.com".to_owned()),
    };
    tried(&input).unwrap_or_else(refused)
}

#[test]
fn a_rule_shows_what_it_finds_beside_the_policy_and_how_its_examples_fare() {
    let tried = try_it(RuleForm {
        examples: vec!["see C-000001".into(), "see D-000001".into()],
        negative_examples: vec!["part X".into(), "C-777777".into()],
        ..claim("C-[0-9]{6}")
    });
    assert_eq!(tried.problem, None);
    assert!(!tried.holds);
    let holds =
        |examples: &[TriedExample]| examples.iter().map(|one| one.holds).collect::<Vec<_>>();
    assert_eq!(holds(&tried.examples), [true, false]);
    assert_eq!(holds(&tried.negative_examples), [true, false]);
    let shown: Vec<_> = tried
        .text
        .iter()
        .map(|segment| (segment.text.as_str(), segment.is_own))
        .collect();
    assert_eq!(
        shown,
        [
            ("claim ", false),
            ("C-123456", true),
            (" of ", false),
            ("jo@example.com", false)
        ]
    );
    assert!(tried.policy_toml.unwrap().contains("[[recognizer]]"));
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let check = |rule: RuleForm, part: &str, said: &str, at: &str| {
        let problem = try_it(rule).problem.expect(said);
        assert_eq!((problem.part.as_str(), problem.at.as_str()), (part, at));
        assert!(problem.message.contains(said), "{}", problem.message);
    };
    check(
        claim("(?<=id )[0-9]+"),
        "pattern",
        "Look-behind isn't available in this engine",
        "(?<=",
    );
    check(claim("a{1000}{1000}"), "pattern", "too large", "");
    check(claim("x*"), "pattern", "empty text", "");
    check(claim(""), "pattern", "Give a pattern, words or a check", "");
    check(
        RuleForm {
            name: "a b".into(),
            ..claim("x")
        },
        "name",
        "1 to 60",
        "",
    );
    check(
        RuleForm {
            entity_type: "claim".into(),
            ..claim("x")
        },
        "entity_type",
        "capital",
        "",
    );
    check(
        RuleForm {
            validator: Some("nope".into()),
            ..claim("x")
        },
        "validator",
        "`nope`",
        "",
    );
    check(
        RuleForm {
            operator: Some("shred".into()),
            ..claim("x")
        },
        "operator",
        "operator",
        "",
    );
}

#[test]
fn a_nested_quantifier_is_harmless_and_a_pattern_that_goes_over_the_rest_each_time_is_not() {
    let tried = try_it(claim("(x+)+y"));
    assert_eq!(tried.problem, None);
    assert!(
        tried
            .remarks
            .iter()
            .any(|remark| remark.contains("harmless"))
    );
    let slow = claim("[a-zA-Z0-9 é,.@/-]*[#]|[a-zA-Z0-9 é,.@/-]");
    let problem = try_it(slow.clone()).problem.unwrap();
    assert!(problem.message.contains("too long"), "{}", problem.message);
    let woken = RuleForm {
        needs: vec!["claim".into()],
        ..slow
    };
    assert_eq!(try_it(woken).problem, None);
}

#[test]
fn a_policy_is_not_saved_while_a_rule_breaks_its_own_examples() {
    let with = |examples: &str| {
        Policy::parse(&format!("{POLICY}[[recognizer]]\nname = 'claim'\nentity_type = 'CLAIM'\nscore = 0.8\npattern = 'C-[0-9]{{6}}'\n{examples}")).unwrap()
    };
    assert!(hold(&with("examples = ['C-123456']")).is_ok());
    assert_eq!(
        hold(&with("examples = ['C-123456', 'secret']"))
            .unwrap_err()
            .message,
        "rule `claim` misses example 2 of those that it must match"
    );
    assert_eq!(
        hold(&with("negative_examples = ['C-123456']"))
            .unwrap_err()
            .message,
        "rule `claim` matches example 1 of those that it must not match"
    );
}
