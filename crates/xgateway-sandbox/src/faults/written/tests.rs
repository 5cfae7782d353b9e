use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(text: &str, want: &Expect) {
    let said = match FaultRule::parse(text) {
        Ok(rule) => {
            let json = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
            json
        }
        Err(error) => format!("error: {error}"),
    };
    want.assert_eq(&said);
}

#[test]
fn a_rule_is_read_and_written_alike() {
    check(
        "at=after_commit,do=reset,operation=create_card_deposit,times=1",
        &expect![[
            r#"{"at":"after_commit","do":"reset","operation":"create_card_deposit","times":1}"#
        ]],
    );
    check(
        "at=before_commit,do=status,status=429,retryAfter=2,occurrences=1+3,percent=50,seconds=60,skip=1",
        &expect![[
            r#"{"at":"before_commit","do":"status","status":429,"retryAfter":2,"skip":1,"occurrences":[1,3],"percent":50,"seconds":60}"#
        ]],
    );
    check(
        "at=before_commit,do=delay,delayMs=10,delayMaxMs=500,distribution=long_tail",
        &expect![[
            r#"{"at":"before_commit","do":"delay","delayMs":10,"delayMaxMs":500,"distribution":"long_tail"}"#
        ]],
    );
    for text in [
        "at=connect,do=refuse",
        "at=proxy,do=decode",
        "at=proxy,do=block",
        "at=before_commit,do=wrong_key",
        "at=before_commit,do=partner_failure",
        "at=after_commit,do=partner_failure",
        "at=after_commit,do=hang",
        "at=mid_answer,do=truncate",
        "at=mid_answer,do=reset",
        "at=mid_answer,do=drip",
        "at=mid_answer,do=garbage",
        "at=callback,do=lose",
        "at=callback,do=unanswered",
        "at=callback,do=twice",
        "at=callback,do=forge",
        "at=callback,do=delay,delaySeconds=9",
    ] {
        let rule = FaultRule::parse(text).unwrap();
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    check(
        "at=connect,do=lose",
        &expect!["error: do: lose does not happen at connect"],
    );
    check(
        "at=callback,do=twice,operation=get_invoice",
        &expect!["error: operation: there is no operation `get_invoice` that this can happen to"],
    );
    check(
        "at=mid_answer,do=drip,operation=nothing",
        &expect!["error: operation: there is no operation `nothing` that this can happen to"],
    );
    check(
        "at=before_commit,do=status,status=200",
        &expect!["error: status: a number from 400 to 599 is needed"],
    );
    for status in [400, 422, 429, 499, 200] {
        let text = format!("at=after_commit,do=status,status={status}");
        let error = FaultRule::parse(&text).unwrap_err().to_string();
        assert!(error.starts_with("status: "), "{error}");
    }
    check(
        "at=after_commit,do=status,status=429",
        &expect![
            "error: status: after the commit a number from 500 to 599 is needed: with another one a gateway says that it did nothing, and it has acted"
        ],
    );
    check(
        "at=after_commit,do=status,status=503",
        &expect![[r#"{"at":"after_commit","do":"status","status":503}"#]],
    );
    check(
        "at=after_commit,do=reset,status=503",
        &expect!["error: status: means nothing to reset at after_commit"],
    );
    check(
        "at=callback,do=delay,delaySeconds=1,delayMs=1",
        &expect!["error: delayMs: means nothing to delay at callback"],
    );
    check(
        "at=before_commit,do=delay",
        &expect!["error: delayMs: a delay needs a length"],
    );
    check(
        "at=before_commit,do=delay,delayMs=2,delayMaxMs=1",
        &expect!["error: delayMaxMs: is less than delayMs"],
    );
    check(
        "at=connect,do=refuse,percent=0",
        &expect!["error: percent: is a number from 1 to 100"],
    );
    let never = expect![
        "error: times: with 0 the fault would never happen: leave it out for every time, or name a number from 1"
    ];
    check("at=connect,do=refuse,times=0", &never);
    let json = r#"{"at":"connect","do":"refuse","times":0}"#;
    let error = serde_json::from_str::<FaultRule>(json).unwrap_err();
    never.assert_eq(&format!("error: {error}"));
    check(
        "at=connect,do=refuse,seconds=0",
        &expect![
            "error: seconds: with 0 the fault would never happen: leave it out for every time, or name a number from 1"
        ],
    );
    for text in ["occurrences=1+2,skip=2", "occurrences=3,times=2"] {
        let error = FaultRule::parse(&format!("at=connect,do=refuse,{text}")).unwrap_err();
        assert!(
            error.to_string().starts_with("occurrences: none"),
            "{error}"
        );
    }
    assert!(FaultRule::parse("at=connect,do=refuse,occurrences=3,skip=2,times=1").is_ok());
    check(
        "at=connect,do=refuse,occurrences=0",
        &expect!["error: occurrences: are counted from 1"],
    );
    check(
        "at=connect,do=refuse,times=x",
        &expect!["error: times: `x` is no whole number"],
    );
    check(
        "nothing",
        &expect!["error: fault: `nothing` is not name=value"],
    );
    check(
        "at=connect,do=refuse,colour=1",
        &expect![
            "error: fault: unknown field `colour`, expected one of `at`, `do`, `operation`, `order`, `status`, `retryAfter`, `delayMs`, `delayMaxMs`, `distribution`, `delaySeconds`, `skip`, `times`, `occurrences`, `percent`, `seconds`"
        ],
    );
    check("do=refuse", &expect!["error: at: is missing"]);
    check(
        "at=connect,do=fuse",
        &expect![
            "error: do: there is no `fuse`, expected one of `refuse`, `decode`, `block`, `reset`, `hang`, `delay`, `status`, `wrong_key`, `partner_failure`, `truncate`, `drip`, `garbage`, `lose`, `unanswered`, `twice`, `forge`"
        ],
    );
}
#[test]
fn no_card_number_is_repeated() {
    for text in [
        "at=connect,do=refuse,operation=4000000000000002",
        "at=connect,do=refuse,times=4000 0000 0000 0002",
        "4000000000000002",
        "at=4000000000000002,do=refuse",
        "at=connect,do=refuse,4000000000000002=1",
        "at=connect,do=refuse,4000000000000002=x",
    ] {
        let error = FaultRule::parse(text).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("0002"), "{shown}");
    }
}

/// What serde would take in this place.
fn names(error: &str) -> Vec<&str> {
    let (_, names) = error.split_once("expected one of ").unwrap();
    let names = names.split(", ");
    names.map(|name| name.trim_matches('`')).collect()
}

#[test]
fn the_guide_lists_every_fault_and_every_field() {
    let guide = include_str!("../../../../../docs/guides/sandbox.md");
    let (_, guide) = guide.split_once("\n## Faults\n").unwrap();
    let (guide, _) = guide.split_once("\n## ").unwrap();
    let rows = |head: &str| {
        let (_, table) = guide.split_once(head).unwrap();
        let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
        rows.map(|row| row.split(" | ").collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };

    let unknown = FaultRule::parse("at=connect,do=refuse,colour=1").unwrap_err();
    let known = unknown.to_string();
    let told: Vec<_> = rows("| field |")
        .iter()
        .flat_map(|row| row[0].split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, names(&known));

    let faults = rows("| `at` | `do` |");
    let is_told = |at: &str, act: &str| {
        let [at, act] = [at, act].map(|name| format!("`{name}`"));
        let mut rows = faults.iter();
        rows.any(|row| row[0].contains(&at) && row[1].contains(&act))
    };
    let places = FaultRule::parse("at=x,do=reset").unwrap_err().to_string();
    let acts = FaultRule::parse("at=connect,do=x").unwrap_err().to_string();
    for at in names(&places) {
        for act in names(&acts) {
            let more = match (at, act) {
                (_, "status") => ",status=503",
                ("callback", "delay") => ",delaySeconds=1",
                (_, "delay") => ",delayMs=1",
                _ => "",
            };
            let is_fault = FaultRule::parse(&format!("at={at},do={act}{more}")).is_ok();
            assert_eq!(is_told(at, act), is_fault, "{at} {act}");
        }
    }
}

#[test]
fn mistakes_in_an_object_are_told_with_their_field() {
    let check = |json: &str, want: &str| {
        let value = serde_json::from_str(json).unwrap();
        let error = FaultRule::from_json(value).unwrap_err().to_string();
        assert!(error.starts_with(want), "{json}: {error}");
    };
    check("1", "fault: is an object");
    check(r#"{"do":"reset"}"#, "at: is missing");
    check(
        r#"{"at":"x","do":"reset"}"#,
        "at: there is no `x`, expected one of `connect`",
    );
    check(r#"{"at":"connect","do":1}"#, "do: ");
    let beside = |field: &str, want: &str| {
        check(
            &format!(r#"{{"at":"connect","do":"refuse",{field}}}"#),
            want,
        );
    };
    beside(r#""times":"1""#, "times: `\"1\"` is no whole number");
    beside(r#""times":-1"#, "times: `-1` is no whole number");
    beside(r#""seconds":4294967296"#, "seconds: `4294967296`");
    beside(r#""order":1"#, "order: is a text");
    beside(r#""occurrences":[1,"2"]"#, "occurrences: is a list");
    beside(
        r#""distribution":"even""#,
        "distribution: there is no `even`",
    );
    beside(r#""status":70000"#, "fault: ");
    beside(r#""colour":1"#, "fault: unknown field `colour`");
    let whole = serde_json::json!({"at": "connect", "do": "refuse", "times": null});
    assert!(FaultRule::from_json(whole).is_ok());
}
