//! `onboard`, `kyc` and `account` against a served sandbox whose clock jumps when nothing is asked.

use std::fs;
use std::process::Stdio;
use std::sync::mpsc::TryRecvError;

use crate::fixture::{CANARIES, Cli};
#[cfg(unix)]
use crate::gateway::stopped_meanwhile;
use crate::gateway::{answering_always, holding_the_first};
use crate::sandbox::Served;

const DATA: &str = r#"{
  "profile": {"firstName":"Zephyrine","lastName":"Quincunx","email":"canary.person@example.com","country":"GB",
    "currency":"EUR","acceptedPrivacyPolicyHash":"XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=",
    "acceptedTermsAndConditionsHash":"HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=",
    "acceptedTermsOfServiceHash":"r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg="},
  "applicant": {"address1":"Canary Lane 1","postCode":"2000","city":"Sydney","country":"AU",
    "dateOfBirth":"1987-06-05","sourceOfFunds":"SALARY"}
}"#;

const DOCUMENTS: [&str; 7] = [
    "--driving-licence",
    "front.pdf",
    "back.pdf",
    "--selfie",
    "selfie.pdf",
    "--utility-bill",
    "bill.pdf",
];

/// A folder with data and documents, and a sandbox to talk to.
fn customer(served: &Served) -> Cli {
    with_documents(served.cli())
}

fn with_documents(cli: Cli) -> Cli {
    let pdf = "%PDF-1.7\nQuincunx\n%%EOF\n";
    cli.file("data.json", DATA)
        .file("front.pdf", pdf)
        .file("back.pdf", pdf)
        .file("selfie.pdf", pdf)
        .file("bill.pdf", pdf)
}

fn auto() -> Served {
    Served::new(&["--clock", "auto"])
}

fn start<'a>(customer: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "onboard",
        "start",
        "--state",
        "state.json",
        "--customer",
        customer,
        "--data",
        "data.json",
    ];
    arguments.extend(DOCUMENTS);
    arguments.extend(more);
    arguments
}

fn resume<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "onboard",
        "resume",
        "--state",
        "state.json",
        "--data",
        "data.json",
        "--grace-seconds",
        "1",
        "--every-seconds",
        "1",
    ];
    arguments.extend(DOCUMENTS);
    arguments.extend(more);
    arguments
}

fn state(cli: &Cli) -> String {
    fs::read_to_string(cli.path("state.json")).unwrap()
}

#[test]
fn who_passes_kyc_has_an_account_at_the_end() {
    let served = auto();
    let cli = customer(&served);
    let outcome = cli
        .run(&start("customer-1", &["--json", "--account-first"]))
        .ends(0);
    let document = outcome.json();
    assert_eq!(document["state"], "onboarded");
    assert_eq!(document["account"]["status"], "ACTIVE");
    let iban = document["account"]["iban"].as_str().unwrap().to_owned();

    let kept = state(&cli);
    for secret in CANARIES.iter().copied().chain([iban.as_str(), "front.pdf"]) {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(cli.path("state.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let list = cli
        .run(&["account", "list", "customer-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(list["accounts"][0]["iban"], iban);
    let kyc = cli
        .run(&["kyc", "watch", "customer-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(kyc["kyc"]["status"], "FULL_USER");
    let status = cli
        .run(&["onboard", "status", "--state", "state.json", "--json"])
        .ends(0)
        .json();
    assert_eq!(status["state"], "onboarded");
    cli.run(&start("customer-1", &[]))
        .ends(2)
        .says("there is an onboarding in the state file already");
}

#[test]
fn people_are_told_each_state_once() {
    let served = auto();
    let cli = customer(&served);
    let outcome = cli.run(&start("customer-1", &[])).ends(0);
    let states: Vec<_> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with("now: "))
        .collect();
    assert!(states.contains(&"now: onboarded"), "{states:?}");
    assert!(
        states.windows(2).all(|pair| pair[0] != pair[1]),
        "{states:?}"
    );
}

#[cfg(unix)]
#[test]
fn who_is_stopped_meanwhile_is_told_how_far_it_came() {
    let cli = with_documents(Cli::new());
    let output = stopped_meanwhile("-INT", &cli, &start("customer-1", &["--json"]));
    assert_eq!(output.status.code(), Some(8));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["customerId"], "customer-1");
    assert_eq!(document["ok"], false);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("`xgateway onboard resume` goes on"), "{said}");
    assert!(!state(&cli).is_empty(), "it can be taken up");
}

/// What stands in a state file before the verification is started.
fn ready() -> String {
    let state = r#""passed":false,"state":{"name":"verification","attempt":"ready"}}"#;
    format!(
        r#"{{"version":1,"flow":"onboarding","customerId":"customer-1","sequence":"kyc_first","currency":"EUR","pages":[],"pagesLeft":[],{state}"#
    )
}

#[test]
fn only_one_process_at_a_time_goes_on_from_a_state_file() {
    let (url, requests) = holding_the_first();
    let cli = with_documents(Cli::new()).file("state.json", &ready());
    let with_url = |mut arguments: Vec<&'static str>| -> Vec<String> {
        arguments.push("--json");
        let mut arguments: Vec<_> = arguments.into_iter().map(str::to_owned).collect();
        arguments.extend(["--url".to_owned(), url.clone()]);
        arguments
    };
    let mut first = cli
        .command()
        .args(with_url(resume(&["--for-seconds", "60"])))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    requests.recv().unwrap();

    // The verification is being started.
    for mut second in [resume(&[]), correct(&[]), start("customer-1", &[])] {
        second.extend(["--for-seconds", "0"]);
        let arguments = with_url(second);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let error = cli.run(&arguments).ends(8).json();
        assert_eq!(
            error["error"]["message"],
            "another `xgateway onboard` is at work on this state file; nothing was sent by this one"
        );
        assert_eq!(error["error"]["effect"], "the gateway may have acted");
    }
    assert_eq!(requests.try_recv(), Err(TryRecvError::Empty));

    // However it ends, the next one may go on.
    first.kill().unwrap();
    first.wait().unwrap();
    let third = with_url(resume(&["--for-seconds", "0"]));
    let third: Vec<_> = third.iter().map(String::as_str).collect();
    let told = cli.run(&third).json();
    assert!(!told.to_string().contains("at work"), "{told}");
    requests.recv().unwrap();
}

#[test]
fn nothing_of_an_onboarding_is_asked_or_sent_elsewhere() {
    let (here, there) = (auto(), auto());
    let cli = customer(&here).file("back.pdf", UNREADABLE);
    cli.run(&start("customer-1", &[])).ends(5);
    let kept = state(&cli);
    let status = vec!["onboard", "status", "--state", "state.json"];
    for mut command in [status, resume(&[]), correct(&[])] {
        command.extend(["--url", there.url(), "--json"]);
        let error = cli.run(&command).ends(9).json();
        let message = error["error"]["message"].as_str().unwrap();
        let begun = format!("it was begun at {}", here.url());
        assert!(message.starts_with(&begun), "{message}");
        assert_eq!(error["error"]["effect"], "nothing was done");
    }
    assert_eq!(state(&cli), kept);
    let kyc = ["kyc", "status", "customer-1", "--json", "--url"];
    let kyc = cli.run(&[&kyc[..], &[there.url()]].concat()).ends(0).json();
    assert!(kyc["kyc"]["status"].is_null(), "{kyc}");

    // A file of an older version does not say where it belongs to, until somebody goes on with it.
    let environment = format!(r#""environment":"{}/api","#, here.url());
    assert!(kept.contains(&environment), "{kept}");
    let cli = cli
        .file("state.json", &kept.replace(&environment, ""))
        .file("back.pdf", READABLE)
        .file("data.json", CORRECTED);
    cli.run(&correct(&[]))
        .ends(0)
        .says("the state file does not say where it was begun");
    cli.run(&resume(&["--url", there.url()]))
        .ends(9)
        .says("hint: use the environment in which it was begun");
}

#[test]
fn the_gateways_words_are_cleared_of_what_the_customer_has_handed_in() {
    let url = answering_always(
        "400 Bad Request",
        r#"{"errors":[{"code":"bad_request","message":"Zephyrine Quincunx, 1987-06-05, of Canary Lane 1 is not known."}],"success":false}"#,
    );
    let cli = with_documents(Cli::new());
    cli.run(&start("customer-1", &["--url", &url, "-vvv"]))
        .ends(5)
        .says("gateway: ** **, **, of ** is not known. (bad_request)");
    let error = cli.run(&resume(&["--url", &url, "--json"])).ends(5).json();
    assert_eq!(
        error["error"]["reasons"][0]["message"],
        "** **, **, of ** is not known."
    );

    let url = answering_always(
        "200 OK",
        r#"{"data":{"id":"customer-1","status":"SOFT_KYC_FAILED","kycRejectLabel":"NAME_Quincunx","kycEndUserErrorMessage":"Zephyrine was not born on 1987-06-05, and the image is too dark"},"success":true}"#,
    );
    let failed = ready().replace(
        r#""verification","attempt":"ready""#,
        r#""verifying","accepted":true,"graceElapsed":false"#,
    );
    let cli = cli.file("state.json", &failed);
    let document = cli.run(&resume(&["--url", &url, "--json"])).ends(5).json();
    assert_eq!(
        document["kyc"]["message"],
        "** was not born on **, and the image is too dark"
    );
    let cli = cli.file("state.json", &failed);
    cli.run(&resume(&["--url", &url]))
        .ends(5)
        .says("the image is too dark");
}

const UNREADABLE: &str = "%PDF-1.7\nxgateway-sandbox: unreadable\n%%EOF\n";
const READABLE: &str = "%PDF-1.7\nreadable\n%%EOF\n";
const CORRECTED: &str = r#"{"correction":{"firstName":"Zephyrine"}}"#;

fn correct<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "onboard",
        "correct",
        "--state",
        "state.json",
        "--data",
        "data.json",
        "--driving-licence",
        "front.pdf",
        "back.pdf",
    ];
    arguments.extend(more);
    arguments
}

#[test]
fn a_soft_failure_is_told_and_corrected() {
    let served = auto();
    let cli = customer(&served).file("back.pdf", UNREADABLE);
    let failed = cli.run(&start("customer-1", &["--json"])).ends(5).json();
    assert_eq!(failed["state"], "failed");
    assert_eq!(failed["kyc"]["status"], "SOFT_KYC_FAILED");
    // What only asks tells what the gateway says, too.
    let status = ["onboard", "status", "--state", "state.json"];
    let asked = cli.run(&[&status[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(asked["kyc"], failed["kyc"]);
    let message = failed["kyc"]["message"].as_str().unwrap();
    let told = cli.run(&status).ends(0);
    assert!(told.stdout.contains(message), "{}", told.stdout);
    for command in ["status", "watch"] {
        let kyc = cli.run(&["kyc", command, "customer-1", "--json"]).json();
        assert_eq!(kyc["kyc"]["kycEndUserErrorMessage"], message);
    }
    let cli = cli.file("back.pdf", READABLE).file("data.json", CORRECTED);
    let document = cli.run(&correct(&["--json"])).ends(0).json();
    assert_eq!(document["state"], "onboarded");
    // There is nothing left to correct.
    cli.run(&correct(&["--json"])).ends(2);
}

#[test]
fn a_state_file_that_is_damaged_is_one_that_cannot_be_read() {
    let served = auto();
    let cli = customer(&served).file("state.json", "{\"half\":");
    let error = cli.run(&resume(&["--json"])).ends(10).json();
    assert_eq!(error["error"]["kind"], "io");
    assert_eq!(error["error"]["effect"], "nothing was done");
}

#[test]
fn nothing_is_sent_of_what_is_not_in_order() {
    let served = auto();
    let cli = customer(&served)
        .file("front.pdf", "MZ, a program")
        .file("selfie.pdf", "%PDF-1.7 cut off");
    fs::remove_file(cli.path("bill.pdf")).unwrap();
    let outcome = cli.run(&start("customer-1", &["--json"])).ends(3);
    let issues = &outcome.json()["error"]["issues"];
    let paths: Vec<_> = issues
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"][1].clone())
        .collect();
    assert_eq!(paths, ["driving-licence-front", "selfie", "utility-bill"]);
    assert_eq!(
        issues[2]["message"],
        "File cannot be read: there is no such file"
    );
    assert!(!cli.path("state.json").exists());
    let kyc = cli
        .run(&["kyc", "status", "customer-1", "--json"])
        .ends(0)
        .json();
    assert!(kyc["kyc"]["status"].is_null(), "{kyc}");
}

/// Kills a process when it has written its state file for the `number`th time, and gives what stood in it then.
fn kill(cli: &Cli, arguments: &[&str], number: usize) -> String {
    let read = || fs::read_to_string(cli.path("state.json")).unwrap_or_default();
    let mut last = read();
    let mut child = cli
        .command()
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut seen = 0;
    while child.try_wait().unwrap().is_none() {
        let now = read();
        if now != last {
            seen += 1;
            last = now;
        }
        if seen >= number {
            child.kill().unwrap();
        }
        std::thread::yield_now();
    }
    last
}

/// The state, and how many accounts there are.
fn end(cli: &Cli, customer: &str, resume: &[&str]) -> (serde_json::Value, usize) {
    let document = cli.run(resume).ends(0).json();
    let listed = ["account", "list", customer, "--json"];
    let listed = cli.run(&listed).ends(0).json();
    let accounts = listed["accounts"].as_array().map_or(0, Vec::len);
    (document["state"].clone(), accounts)
}

/// An onboarding is killed, and goes on.
fn killed(served: &Served, number: usize) -> (String, (serde_json::Value, usize)) {
    let cli = customer(served);
    let id = format!("customer-{number}");
    let last = kill(&cli, &start(&id, &[]), number);
    (last, end(&cli, &id, &resume(&["--json"])))
}

/// A correction is killed, and goes on.
fn killed_in_correction(served: &Served, number: usize) -> (String, (serde_json::Value, usize)) {
    let cli = customer(served).file("back.pdf", UNREADABLE);
    let id = format!("corrected-{number}");
    cli.run(&start(&id, &[])).ends(5);
    let cli = cli.file("back.pdf", READABLE).file("data.json", CORRECTED);
    let last = kill(&cli, &correct(&[]), number);
    (last, end(&cli, &id, &resume(&["--json"])))
}

#[test]
fn killed_at_any_point_it_ends_as_if_it_had_not_been() {
    let served = auto();
    std::thread::scope(|scope| {
        let served = &served;
        let runs: Vec<_> = (1..=16)
            .map(|number| scope.spawn(move || killed(served, number)))
            .collect();
        for run in runs {
            let (last, end) = run.join().unwrap();
            assert_eq!(end, ("onboarded".into(), 1), "killed at {last}");
        }
    });
}

#[test]
fn killed_while_it_corrects_it_ends_as_if_it_had_not_been() {
    let served = auto();
    std::thread::scope(|scope| {
        let served = &served;
        let runs: Vec<_> = (1..=8)
            .map(|number| scope.spawn(move || killed_in_correction(served, number)))
            .collect();
        for run in runs {
            let (last, end) = run.join().unwrap();
            assert_eq!(end, ("onboarded".into(), 1), "killed at {last}");
        }
    });
}

#[test]
fn nothing_is_kept_of_a_start_without_the_data() {
    let served = auto();
    let cli = customer(&served).file("none.json", "{}");
    let mut arguments = start("customer-1", &[]);
    let data = arguments.iter().position(|it| *it == "data.json").unwrap();
    arguments[data] = "none.json";
    cli.run(&arguments)
        .ends(3)
        .says("profile: Required")
        .says("applicant: Required");
    assert!(!cli.path("state.json").exists());
}
