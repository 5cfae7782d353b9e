use std::fs;

use serde_json::Value;

use crate::fixture::{Cli, Outcome};

const SHOW: &[&str] = &["config", "show", "--json"];

#[track_caller]
fn setting(outcome: &Outcome, key: &str) -> (Value, Value) {
    let document = outcome.json();
    let settings = document["settings"].as_array().unwrap();
    let setting = settings.iter().find(|it| it["key"] == key).unwrap();
    (setting["value"].clone(), setting["from"].clone())
}

#[track_caller]
fn check(cli: &Cli, arguments: &[&str], value: &str, from: &str) {
    let outcome = cli.run(&[SHOW, arguments].concat()).ends(0);
    assert_eq!(
        setting(&outcome, "timeout_seconds"),
        (value.into(), from.into())
    );
}

#[test]
fn the_later_layer_wins() {
    let flag = ["--timeout-seconds", "4"];
    check(&Cli::new(), &[], "10", "the defaults");
    check(&Cli::new(), &flag, "4", "the command line");
    let file = || Cli::new().file("xgateway.toml", "timeout_seconds = 2\n");
    check(&file(), &[], "2", "xgateway.toml");
    check(&file(), &flag, "4", "the command line");
    let both = file().variable("XGATEWAY_TIMEOUT_SECONDS", "3");
    check(&both, &[], "3", "the environment");
    check(&both, &flag, "4", "the command line");
    let empty = file().variable("XGATEWAY_TIMEOUT_SECONDS", "");
    check(&empty, &[], "2", "xgateway.toml");
}

#[test]
fn another_file_takes_the_place_of_the_one_in_the_folder() {
    let cli = Cli::new()
        .file("xgateway.toml", "timeout_seconds = 2\n")
        .file("other.toml", "deposit_timeout_seconds = 60\n");
    let arguments = [SHOW, &["--config", "other.toml"]].concat();
    let outcome = cli.run(&arguments).ends(0);
    assert_eq!(
        setting(&outcome, "deposit_timeout_seconds"),
        ("60".into(), "other.toml".into())
    );
    check(&cli, &["--config", "other.toml"], "10", "the defaults");
    cli.run(&["config", "show", "--config", "missing.toml"])
        .ends(9)
        .says("cannot read the settings in missing.toml");
}

#[test]
fn secrets_are_masked_wherever_they_come_from() {
    let key = "canary-api-key";
    let from_variable = Cli::new().variable("XGATEWAY_API_KEY", key);
    let from_file = Cli::new().file("xgateway.toml", &format!("api_key = \"{key}\"\n"));
    for cli in [from_variable, from_file] {
        let outcome = cli.run(SHOW).ends(0);
        assert_eq!(setting(&outcome, "api_key").0, "**");
        cli.run(&["config", "show", "-vvv"]).ends(0);
    }
}

#[test]
fn a_key_file_is_found_beside_the_settings_that_name_it() {
    let cli = Cli::new();
    fs::create_dir(cli.path("etc")).unwrap();
    let cli = cli
        .file("etc/settings.toml", "api_key_file = \"key\"\n")
        .file("etc/key", "canary-api-key\n");
    cli.run(&["config", "show", "--config", "etc/settings.toml"])
        .ends(0);
    cli.run(&["config", "show", "--api-key-file", "key"])
        .ends(9)
        .says("cannot read the file that `api_key_file` from the command line names");
    #[cfg(unix)]
    cli.run(&["config", "show", "--api-key-file", "/dev/zero"])
        .ends(9)
        .says("it is larger than a mebibyte");
    cli.file("xgateway.toml", "api_key = \"a\"\napi_key_file = \"b\"\n")
        .run(&["config", "show"])
        .ends(9)
        .says("both `api_key` and `api_key_file`");
}

#[test]
fn a_key_in_the_place_of_its_file_is_not_repeated() {
    Cli::new()
        .variable("XGATEWAY_API_KEY_FILE", "canary-api-key")
        .run(&["config", "show"])
        .ends(9)
        .says("cannot read the file that `api_key_file` from the environment names");
}

#[test]
fn the_sandbox_has_a_default_url() {
    let outcome = Cli::new().run(SHOW).ends(0);
    let defaults = ("http://127.0.0.1:4010".into(), "the defaults".into());
    assert_eq!(setting(&outcome, "url"), defaults);
    let demo = Cli::new().variable("XGATEWAY_ENVIRONMENT", "demo");
    let outcome = demo.run(SHOW).ends(0);
    assert_eq!(setting(&outcome, "url"), (Value::Null, Value::Null));
}

#[track_caller]
fn refuses(file: &str, part: &str) {
    let cli = Cli::new().file("xgateway.toml", file);
    cli.run(&["config", "show"]).ends(9).says(part);
    let outcome = cli.run(SHOW).ends(9);
    let document = outcome.json();
    assert_eq!(document["error"]["kind"], "settings");
    assert!(
        document["error"]["message"]
            .as_str()
            .unwrap()
            .contains(part)
    );
}

#[test]
fn what_is_no_setting_is_refused_by_its_path() {
    refuses("api_kye = \"canary-api-key\"\n", "has no setting `api_kye`");
    refuses("[sandbox]\nport = 1\n", "has no setting `sandbox.port`");
    refuses("Environment = \"demo\"\n", "has no setting `Environment`");
    refuses("4000000000000002 = 1\n", "has no setting `**`");
}

#[test]
fn what_cannot_be_used_is_refused_without_being_repeated() {
    refuses(
        "timeout_seconds = \"canary-api-key\"\n",
        "`timeout_seconds` from xgateway.toml must be",
    );
    refuses(
        "timeout_seconds = \"10\"\n",
        "`timeout_seconds` from xgateway.toml must be a whole number",
    );
    refuses(
        "timeout_seconds = 0\n",
        "a whole number of seconds from 1 to 600",
    );
    refuses(
        "timeout_seconds = -1\n",
        "a whole number of seconds from 1 to 600",
    );
    refuses(
        "api_key = 737\n",
        "`api_key` from xgateway.toml must be a text",
    );
    refuses("api_key = \"canary-api-key x\"\n", "`api_key` is no key");
    refuses(
        "api_key = \"'canary-api-key'\"\n",
        "`api_key` has quotes around it",
    );
    refuses("api_key = canary-api-key\n", "are not valid TOML at line 1");
    refuses(
        "[environment]\nx = 1\n",
        "`environment` from xgateway.toml must be a text",
    );
    refuses(
        "timeout_seconds = {}\n",
        "`timeout_seconds` from xgateway.toml must be a whole number",
    );
    refuses(
        "database_url = \"mysql://joe:canary-api-key@db/shop\"\n",
        "`database_url` cannot be used as the address of a PostgreSQL",
    );
    refuses(
        "database_url = \"'postgres://joe:canary-api-key@db/shop'\"\n",
        "`database_url` has quotes around it",
    );
    refuses(
        "environment = \"canary-api-key\"\n",
        "one of `production`, `demo` and `sandbox`",
    );
    refuses("url = \"http://example.com\"\n", "`url` leads nowhere safe");
    refuses(
        "environment = \"demo\"\nurl = \"https://a.example\"\n",
        "has a URL of its own",
    );
}

#[test]
fn what_is_refused_comes_with_how_to_write_it() {
    for (file, words) in [
        ("environment = demo\n", "a text stands in quotes"),
        (
            "url = \"127.0.0.1:4010\"\n",
            "write it as http://127.0.0.1:4010",
        ),
        (
            "database_url = \"db\"\n",
            "must be percent-encoded, as %40 for @",
        ),
    ] {
        let cli = Cli::new().file("xgateway.toml", file);
        cli.run(&["config", "show"]).ends(9).says(words);
    }
}

/// As where the settings are a link and what it leads to is not mounted: with the defaults the sandbox would be asked.
#[cfg(unix)]
#[test]
fn settings_that_are_a_link_to_nowhere_are_not_taken_for_none() {
    let cli = Cli::new();
    std::os::unix::fs::symlink("nowhere", cli.path("xgateway.toml")).unwrap();
    for command in [&["config", "show"][..], &["card", "status"]] {
        cli.run(command)
            .ends(9)
            .says("cannot read the settings in xgateway.toml")
            .says("it is a link that leads nowhere");
    }
}

/// A setting of the file starts from the file's own folder, whatever the name of that is.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_no_text_is_named_as_where_its_settings_come_from() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let cli = Cli::new();
    let name = OsStr::from_bytes(b"caf\xe9.toml");
    fs::write(cli.path("").join(name), "environment = \"somewhere\"\n").unwrap();
    let mut command = cli.command();
    let output = command
        .args(["config", "show", "--config"])
        .arg(name)
        .output();
    let said = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(
        said.contains("`environment` from caf\u{fffd}.toml must be"),
        "{said}"
    );
}

#[test]
fn a_variable_that_is_no_setting_is_told_and_ignored() {
    let cli = Cli::new()
        .variable("XGATEWAY_APIKEY", "canary-api-key")
        .variable("XGATEWAY_ENVIRONMENT", "demo");
    cli.run(&["config", "show"])
        .ends(0)
        .says("warning: XGATEWAY_APIKEY is no setting");
    cli.run(&["invoice", "get", "order-1"])
        .ends(9)
        .says("warning: XGATEWAY_APIKEY is no setting and was ignored")
        .says("there is no API key for demo")
        .says("hint: set XGATEWAY_API_KEY");
}

const ACCOUNTS: &str = "[paths]\nget_bank_accounts = \"/v2/customer/{id}/bank-accounts\"\n";

#[test]
fn paths_of_the_file_are_shown() {
    let cli = Cli::new().file("xgateway.toml", ACCOUNTS);
    let shown = cli.run(SHOW).ends(0).json();
    let want = serde_json::json!({"get_bank_accounts": "/v2/customer/{id}/bank-accounts"});
    assert_eq!(shown["paths"], want);
    let shown = cli.run(&["config", "show"]).ends(0).stdout;
    let line = shown.lines().last().unwrap();
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(
        words,
        ["paths.get_bank_accounts", "/v2/customer/{id}/bank-accounts"]
    );
}

#[test]
fn a_path_that_cannot_be_is_refused_before_anything_is_sent() {
    for (line, words) in [
        ("nobody = \"/v2/x\"", "nobody"),
        ("create_card_deposit = \"/v2/x\"", "create_card_deposit"),
        (
            "get_bank_accounts = \"/v2/customers\"",
            "/v2/customer/{id}/bank-transfer/accounts",
        ),
        (
            "get_bank_accounts = \"canary/{id}\"",
            "no path for `get_bank_accounts`",
        ),
        (
            "get_bank_accounts = \"/v2/canary\"",
            "must have the parameters",
        ),
        ("4000000000000002 = \"/v2/canary\"", "there is no operation"),
        ("get_bank_accounts = 1", "`paths` in xgateway.toml"),
    ] {
        let cli = Cli::new().file("xgateway.toml", &format!("[paths]\n{line}\n"));
        // Nobody is there, which would be another code.
        let list = [
            "account",
            "list",
            "customer-1",
            "--url",
            "http://127.0.0.1:1",
        ];
        let outcome = cli.run(&list).ends(9).says(words);
        for never in ["canary", "4000000000000002"] {
            assert!(!outcome.stderr.contains(never), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_variable_that_is_empty_is_told_to_be_so() {
    Cli::new()
        .variable("XGATEWAY_API_KEY", "")
        .variable("XGATEWAY_NOTHING", "")
        .run(&["config", "show"])
        .ends(0)
        .says("warning: XGATEWAY_API_KEY is empty and counts as not set");
    Cli::new()
        .variable("XGATEWAY_TIMEOUT_SECONDS", "10")
        .run(&["config", "show"])
        .ends(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStrExt as _;

    let cli = Cli::new();
    let mut command = cli.command();
    let not_text = std::ffi::OsStr::from_bytes(b"\xff");
    let command = command
        .args(["config", "show"])
        .env("XGATEWAY_URL", not_text);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(9));
    let said = String::from_utf8(output.stderr).unwrap();
    let words = "the value of XGATEWAY_URL in the environment is not valid Unicode";
    assert!(said.contains(words), "{said}");
}

#[cfg(unix)]
#[test]
fn secrets_that_every_user_can_read_are_told() {
    use std::os::unix::fs::PermissionsExt;

    let cli = Cli::new()
        .file("api.key", "canary-api-key")
        .file("xgateway.toml", "secret_key = \"canary-api-key\"\n");
    let show = || {
        cli.run(&["config", "show", "--api-key-file", "api.key"])
            .ends(0)
    };
    let warnings = [
        "the secrets in xgateway.toml",
        "the file that `api_key_file` names",
    ];
    for (mode, is_warned) in [(0o644, true), (0o640, false), (0o600, false)] {
        for file in ["api.key", "xgateway.toml"] {
            fs::set_permissions(cli.path(file), PermissionsExt::from_mode(mode)).unwrap();
        }
        let said = show().stderr;
        for warning in warnings {
            assert_eq!(said.contains(warning), is_warned, "{mode:o}: {said}");
        }
    }
    // One that holds no secret is anybody's to read.
    let cli = Cli::new().file("xgateway.toml", "timeout_seconds = 2\n");
    let said = cli.run(&["config", "show"]).ends(0).stderr;
    assert_eq!(said, "");
}

#[test]
fn a_key_with_a_mark_or_a_quote_is_taken_or_explained() {
    let key = Cli::new().file("api.key", "\u{feff}canary-api-key\r\n");
    key.run(&["config", "show", "--api-key-file", "api.key"])
        .ends(0);
    Cli::new()
        .variable("XGATEWAY_API_KEY", "canary-api-key ")
        .run(&["config", "show"])
        .ends(9)
        .says("without quotes, blanks or line breaks around it");
}
