//! How each key of the query language is looked for, by SQLite's own word.

use assay_domain::query::Query;
use assay_domain::query::keys::{ACTIVITY_KEYS, CALL_KEYS, Table};
use rusqlite::{Connection, StatementStatus};

use crate::filter::{compile_activities, compile_calls};
use crate::open::{Access, Store};
use crate::pages::{Begin, Reach, limited};
use crate::text_search::looked::Looked;
use crate::{activities, calls};

fn with_store(check: impl Fn(&Connection)) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, 1_795_000_000_000).unwrap();
    store
        .read(|connection| {
            check(connection);
            Ok(())
        })
        .unwrap();
}

/// The first try and the last, each as one line.
fn plans(connection: &Connection, text: &str, table: Table) -> [String; 2] {
    let query = Query::parse(text, table).unwrap();
    let plans = match table {
        Table::Calls => {
            let filter = compile_calls(&query, Looked::default());
            calls::list(&filter, &filter.listed(), Begin::Start).plans(connection)
        }
        Table::Activities => {
            let filter = compile_activities(&query);
            activities::list(&filter, Begin::Start).plans(connection)
        }
    };
    plans.unwrap().map(|plan| plan.join("; "))
}

/// The keys whose last try goes by an index of its own, and its name.
const INDEXED: [(&str, &str); 8] = [
    ("id", "k USING PRIMARY KEY (day=? AND hash>? AND hash<?)"),
    ("deployment", "call_by_deployment"),
    ("started_at", "call_by_time"),
    ("principal", "call_by_principal (<expr>=? AND principal=?"),
    ("conversation_id", "call_by_conversation"),
    ("request_id", "k USING PRIMARY KEY (day=? AND hash=?"),
    ("entity_type", "PRIMARY KEY"),
    ("batch", "c USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
];

#[test]
fn no_key_of_calls_reads_the_whole_table_to_fill_a_page_of_what_is_frequent() {
    with_store(|connection| {
        for key in CALL_KEYS {
            let [first, last] = plans(connection, key.example, Table::Calls);
            assert!(
                !first.contains("SCAN c;") && !first.ends_with("SCAN c"),
                "{}: {first}",
                key.name
            );
            assert!(
                first.contains("call_by_")
                    || first.contains("autoindex")
                    || first.contains("PRIMARY KEY"),
                "{}: {first}",
                key.name
            );
            if let Some((_, index)) = INDEXED.iter().find(|(name, _)| *name == key.name) {
                assert!(last.contains(index), "{}: {last}", key.name);
                assert!(
                    !last.contains("SCAN c;") && !last.ends_with("SCAN c"),
                    "{}: {last}",
                    key.name
                );
            }
        }
    });
}

#[test]
fn no_key_of_activities_reads_the_whole_table_to_fill_a_page_of_what_is_frequent() {
    with_store(|connection| {
        for key in ACTIVITY_KEYS {
            let [first, _] = plans(connection, key.example, Table::Activities);
            assert!(
                !first.contains("SCAN a;") && !first.ends_with("SCAN a"),
                "{}: {first}",
                key.name
            );
            assert!(
                first.contains("activity_by_time") || first.contains("autoindex"),
                "{}: {first}",
                key.name
            );
        }
    });
}

#[test]
fn an_hour_is_read_by_an_index_that_knows_times() {
    with_store(|connection| {
        for text in [
            "status:error",
            "http_status:429 feature:tools",
            "deployment:claims status:ok",
        ] {
            let query = Query::parse(text, Table::Calls).unwrap();
            let filter = compile_calls(&query, Looked::default());
            let plan = calls::list(&filter, &filter.listed(), Begin::Start)
                .plan_of_hour(connection)
                .unwrap()
                .join("; ");
            let by_time = plan.contains("call_by_time (started_at_ms>? AND started_at_ms<?)");
            let by_deployment =
                plan.contains("call_by_deployment (deployment_id=? AND started_at_ms>?");
            let by_error =
                plan.contains("call_by_error (status=? AND started_at_ms>? AND started_at_ms<?)");
            assert!(by_time || by_deployment || by_error, "{text}: {plan}");
        }
    });
}

#[test]
fn errors_that_are_asked_for_with_something_else_are_found_among_the_errors() {
    with_store(|connection| {
        for text in ["status:error latency_ms:>9000", "status:error body:missing"] {
            let [_, last] = plans(connection, text, Table::Calls);
            assert!(last.contains("call_by_error (status=?"), "{text}: {last}");
        }
    });
}

#[test]
fn calls_of_a_principal_are_found_by_an_index_where_all_are_wanted_too() {
    with_store(|connection| {
        for text in [
            "principal:role/app",
            "principal:role/*",
            "principal:role/app,role/other feature:tools",
        ] {
            let query = Query::parse(text, Table::Calls).unwrap();
            let filter = compile_calls(&query, Looked::default());
            let list = calls::list(&filter, "true", Begin::Start);
            let sql = format!(
                "select count(*) from call c where {} limit :limit",
                filter.listed()
            );
            for plan in [
                list.plan_of(connection, &sql, &[]),
                calls::list(&filter, &filter.listed(), Begin::Start).plan(connection, Reach::Whole),
            ] {
                let plan = plan.unwrap().join("; ");
                assert!(
                    plan.contains("call_by_principal (<expr>=? AND principal=?"),
                    "{text}: {plan}"
                );
            }
        }
    });
}

#[test]
fn a_page_that_is_asked_again_is_not_planned_again() {
    with_store(|connection| {
        let query = Query::parse("started_at:2026-10-01..2026-10-31", Table::Calls).unwrap();
        let filter = compile_calls(&query, Looked::default());
        let condition = filter.listed();
        let list = calls::list(&filter, &condition, Begin::Start);
        // What is left of a page is not always as much.
        for limit in [100, 70, 100, 128] {
            list.page(connection, limit, calls::read).unwrap();
        }
        let sql = limited(&list.timed_sql(Reach::Index), 100);
        let statement = connection.prepare_cached(&sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::Run), 4);
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    });
}

#[test]
fn a_list_without_a_filter_follows_the_times() {
    with_store(|connection| {
        let [first, last] = plans(connection, "", Table::Calls);
        assert_eq!(first, last);
        assert!(
            first.contains("call_by_time") && !first.contains("TEMP B-TREE FOR ORDER"),
            "{first}"
        );
        let [both, _] = plans(
            connection,
            "started_at:2026-10-01..2026-10-31",
            Table::Calls,
        );
        assert!(
            both.contains("call_by_time (started_at_ms>? AND started_at_ms<?)"),
            "{both}"
        );
    });
}
