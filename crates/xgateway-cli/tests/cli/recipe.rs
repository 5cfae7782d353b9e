//! What docs/guides/callbacks.md has a merchant's server run with each forwarded callback, run: nobody is credited twice, nor
//! for an order that the card flow has not judged.

use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

use xgateway_sandbox::{CHANNEL_ORDER_ID, Config};

use crate::fixture::{Cli, body};
use crate::guide::is_installed;
use crate::listening::{Gateway, Listening, Merchant};

const JOURNAL: &str = "cards.db";

/// A credit a line, each transaction once.
const CREDIT: &str = r#"#!/bin/sh
set -eu
touch ledger
while read -r paid; do
    id=$(printf '%s' "$paid" | jq -r .transactionId)
    grep -q "^$id " ledger ||
        printf '%s' "$paid" | jq -r '"\(.transactionId) \(.customerId) \(.amount) \(.currency)"' >>ledger
done
"#;

const IS_CREDITED: &str = r#"#!/bin/sh
touch ledger
grep -q "^$1 " ledger
"#;

/// The guide's script.
fn recipe() -> String {
    let guide = include_str!("../../../../docs/guides/callbacks.md");
    let (_, rest) = guide.split_once("#### In a shell").unwrap();
    let (_, rest) = rest.split_once("```sh\n").unwrap();
    let script = rest.split_once("```").unwrap().0;
    let named = script.replace("/var/lib/shop/cards.db", JOURNAL);
    assert_ne!(named, script, "the guide names a journal");
    named
}

/// A merchant who takes cards and payments to addresses, by the command line alone.
struct Shop {
    gateway: Gateway,
    cli: Cli,
    merchant: Merchant,
    listening: Listening,
}

impl Shop {
    fn new() -> Option<Self> {
        if !is_installed("jq", "sh") {
            return None;
        }
        let mut config = Config::new(1);
        config.channel_order_ids = true;
        let gateway = Gateway::with(config);
        let cli = gateway.cli();
        std::fs::create_dir(cli.path("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_xgateway"), cli.path("bin/xgateway")).unwrap();
        for (name, script) in [("credit", CREDIT), ("is_credited", IS_CREDITED)] {
            let file = cli.path("bin").join(name);
            std::fs::write(&file, script).unwrap();
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(file, executable).unwrap();
        }
        let merchant = Merchant::obliging();
        let forward = ["--store", "inbox.db", "--forward", &merchant.url()];
        let listening = Listening::start(&cli, &forward);
        Some(Self {
            gateway,
            cli,
            merchant,
            listening,
        })
    }

    /// Begins a card payment, and tells the page on which the customer decides.
    fn order(&self, order: &str, more: &[&str]) -> String {
        let arguments = ["card", "deposit", "-", "--json", "--journal", JOURNAL];
        let body = body(order);
        let begun = self
            .cli
            .run_with(&[&arguments, more].concat(), body.as_bytes());
        begun.ends(0).json()["threeDSURL"].as_str().unwrap().into()
    }

    /// Somebody pays to a customer's address.
    fn pay(&self, customer: &str) {
        let address = self.cli.run(&["address", "tUSDT", customer]).ends(0);
        self.gateway.pay(address.stdout.trim());
    }

    /// The forwarded form of all that the gateway has to tell.
    fn callbacks(&self) -> Vec<String> {
        let callbacks = self.gateway.callbacks();
        let forwarded = callbacks.iter().map(|callback| {
            assert_eq!(self.gateway.deliver(callback, self.listening.url()), 200);
            self.merchant.next().body
        });
        forwarded.collect()
    }

    /// With which code the merchant's script ends.
    fn run(&self, script: &str, callback: &str) -> i32 {
        let script = format!("PATH=\"$PWD/bin:$PATH\"\n{script}");
        let mut child = Command::new("sh")
            .args(["-c", &script])
            .current_dir(self.cli.path(""))
            .env("HOME", self.cli.path(""))
            .env("XGATEWAY_URL", self.gateway.url())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(callback.as_bytes()).unwrap();
        drop(stdin);
        child.wait().unwrap().code().unwrap()
    }

    /// Takes what the gateway tells, and tells with which codes the script ends.
    fn take(&self) -> Vec<i32> {
        let callbacks = self.callbacks();
        // Each comes twice.
        let twice = callbacks.iter().chain(&callbacks);
        twice.map(|it| self.run(&recipe(), it)).collect()
    }

    /// Who was credited how much.
    fn credits(&self) -> Vec<String> {
        let ledger = std::fs::read_to_string(self.cli.path("ledger")).unwrap_or_default();
        let credit = |line: &str| line.split_once(' ').unwrap().1.to_owned();
        let mut credits: Vec<_> = ledger.lines().map(credit).collect();
        credits.sort();
        credits
    }
}

#[test]
fn what_was_declined_and_is_confirmed_after_all_is_credited() {
    let Some(shop) = Shop::new() else { return };
    shop.gateway.decline(&shop.order("order-1", &[]));
    assert_eq!(shop.take(), [0, 0]);
    assert!(shop.credits().is_empty());
    shop.gateway.confirm("order-1");
    assert_eq!(shop.take(), [0, 0]);
    assert_eq!(shop.credits(), ["customer-1 25.00 EUR"]);
}

#[test]
fn of_an_order_that_is_paid_twice_one_payment_is_credited_and_the_other_told() {
    let Some(shop) = Shop::new() else { return };
    shop.gateway.decline(&shop.order("order-1", &[]));
    assert_eq!(shop.take(), [0, 0]);
    shop.gateway.approve(&shop.order("order-1", &["--retry"]));
    assert_eq!(shop.take(), [0, 0]);
    assert_eq!(shop.credits(), ["customer-1 25.00 EUR"]);
    shop.gateway.confirm("order-1");
    // It comes again until a person has looked.
    assert_eq!(shop.take(), [8, 8]);
    assert_eq!(shop.credits(), ["customer-1 25.00 EUR"]);
    let resume = ["card", "resume", "--journal", JOURNAL];
    shop.cli.run(&resume).ends(8).says("card resolve");
}

#[test]
fn a_payment_that_names_an_order_of_nobody_is_credited_to_its_customer() {
    let Some(shop) = Shop::new() else { return };
    shop.gateway.approve(&shop.order("order-1", &[]));
    shop.pay("ann");
    let callbacks = shop.callbacks();
    let named = |callback: &&String| callback.contains(CHANNEL_ORDER_ID);
    assert_eq!(callbacks.iter().filter(named).count(), 1);
    for callback in &callbacks {
        assert_eq!(shop.run(&recipe(), callback), 0);
    }
    assert_eq!(shop.credits(), ["ann 25 tUSDT", "customer-1 25.00 EUR"]);
}

#[test]
fn a_card_payment_that_names_no_order_goes_to_the_card_flow_by_its_invoice() {
    let Some(shop) = Shop::new() else { return };
    shop.gateway.approve(&shop.order("order-1", &[]));
    let callbacks = shop.callbacks();
    assert!(!callbacks.is_empty());
    for callback in &callbacks {
        let unnamed = callback.replace(r#""orderId":"order-1""#, r#""orderId":null"#);
        assert_ne!(unnamed, *callback);
        assert_eq!(shop.run(&recipe(), &unnamed), 0);
    }
    assert_eq!(shop.credits(), ["customer-1 25.00 EUR"]);
    let status = [
        "card",
        "status",
        "--json",
        "--journal",
        JOURNAL,
        "--",
        "order-1",
    ];
    let status = shop.cli.run(&status).ends(0);
    assert!(status.stdout.contains("charged"), "{}", status.stdout);
}

/// Nothing but the journal's own word makes a payment nobody's order.
#[test]
fn a_slip_in_the_script_credits_nobody() {
    let Some(shop) = Shop::new() else { return };
    shop.gateway.approve(&shop.order("order-1", &[]));
    shop.pay("ann");
    for callback in shop.callbacks() {
        for (right, wrong, code) in [
            ("card status --journal", "card status --jurnal", 2),
            ("card status", "card state", 2),
            ("xgateway card status", "xgateway-1 card status", 127),
            ("journal=cards.db", "journal=card.db", 10),
            ("jq -r", "jq-1 -r", 127),
        ] {
            let script = recipe().replace(right, wrong);
            assert_ne!(script, recipe(), "{right}");
            assert_eq!(shop.run(&script, &callback), code, "{wrong}");
            assert!(shop.credits().is_empty(), "{wrong}");
        }
        // A body that was cut short is no callback of another kind.
        let cut = callback.strip_suffix('}').unwrap();
        assert_ne!(shop.run(&recipe(), cut), 0);
        assert!(shop.credits().is_empty());
    }
}

#[test]
fn a_credit_to_an_address_that_is_taken_back_is_for_a_person() {
    let Some(shop) = Shop::new() else { return };
    shop.order("order-1", &[]); // There is a journal.
    shop.pay("ann");
    let callbacks = shop.callbacks();
    let callback = callbacks.iter().find(|it| it.contains("tUSDT")).unwrap();
    let failed = callback.replace(r#""status":"confirmed""#, r#""status":"failed""#);
    assert_ne!(failed, *callback);
    assert_eq!(shop.run(&recipe(), &failed), 0, "nothing was credited");
    assert_eq!(shop.run(&recipe(), callback), 0);
    assert_eq!(shop.run(&recipe(), &failed), 1);
    assert_eq!(shop.credits(), ["ann 25 tUSDT"]);
}

/// Ids that this version would not begin an order with: counted by a machine, by a program that vouched for them.
#[test]
fn an_order_is_known_whatever_it_is_called() {
    use sqlx::{Connection as _, SqliteConnection};

    let gateway = Gateway::new();
    let cli = gateway.cli();
    let arguments = ["card", "deposit", "-", "--json", "--journal", JOURNAL];
    cli.run_with(&arguments, body("order-1").as_bytes()).ends(0);
    let counted = "176722560000012345";
    let file = format!("sqlite://{}", cli.path(JOURNAL).display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut journal = SqliteConnection::connect(&file).await.unwrap();
        let rename = "UPDATE xgateway_journal SET gateway_order = $1";
        let renamed = sqlx::query(rename).bind(counted).execute(&mut journal);
        renamed.await.unwrap();
        journal.close().await.unwrap();
    });
    let of_order = ["--json", "--journal", JOURNAL, "--", counted];
    let known = cli.run(&[&["card", "status"], &of_order[..]].concat());
    assert_eq!(known.ends(0).json()["attempts"][0]["orderId"], counted);
    let looked = cli.run(&[&["card", "resume"], &of_order[..]].concat());
    assert_eq!(looked.ends(0).json()["orders"][0]["orderId"], counted);
    let resolve = ["card", "resolve", "--as", "charged", "--by", "jo", "--note"];
    let resolved = cli.run(&[&resolve[..], &["a case"], &of_order[..]].concat());
    assert_eq!(resolved.ends(2).json()["error"]["orderId"], counted);
}

/// Before the journal is written to for the first time, and of what no journal holds.
#[test]
fn an_order_is_unknown_only_to_a_journal_that_is_there() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    for command in ["status", "resume"] {
        let error = cli.run(&["card", command, "--json", "order-2"]).ends(10);
        let message = &error.json()["error"]["message"];
        let message = message.as_str().unwrap();
        assert!(message.contains("there is no journal yet at"), "{message}");
    }
    let arguments = ["card", "deposit", "-", "--json"];
    cli.run_with(&arguments, body("order-1").as_bytes()).ends(0);
    for order in [
        "order-2",
        "order-1#x",
        "176722560000012345",
        "4000000000000002",
        "-x",
    ] {
        let error = cli.run(&["card", "status", "--json", "--", order]);
        assert_eq!(error.ends(14).json()["error"]["kind"], "unknown_order");
    }
    cli.run(&["card", "status", "--", ""]).ends(2);
    cli.run(&["card", "resume", "--", "order-2"]).ends(14);
    // Of an attempt that the journal lacks, though it has another one, a person must judge.
    let resume = ["card", "resume", "order-1#2"];
    cli.run(&resume).ends(0);
    let hint = ["--transaction", "a67ec03c-0253-4c14-9961-28985186f90c"];
    cli.run(&[&resume[..], &hint].concat()).ends(14);
}
