//! A receiver whose `--forward` leads back to itself.

use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use crate::database::Database;
use crate::fixture::Cli;
use crate::listening::{Gateway, Listening, Merchant};

/// A balancer, or a tunnel: whatever comes goes to an address that is known later.
struct Tunnel {
    url: String,
    target: Arc<Mutex<String>>,
    _runtime: Runtime,
}

impl Tunnel {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let target = Arc::new(Mutex::new(String::new()));
        let known = target.clone();
        runtime.spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let target = known.lock().unwrap().clone();
                tokio::spawn(async move {
                    let mut to = TcpStream::connect(target).await.unwrap();
                    // Either end may hang up.
                    let _ = copy_bidirectional(&mut from, &mut to).await;
                });
            }
        });
        Self {
            url,
            target,
            _runtime: runtime,
        }
    }

    fn leads_to(&self, listening: &Listening) {
        let address = listening.url().strip_prefix("http://").unwrap();
        address.clone_into(&mut self.target.lock().unwrap());
    }
}

/// What was forwarded nowhere is not done: a later run with the right URL sends it.
fn check(gateway: &Gateway, cli: &Cli, store: &str) {
    let tunnel = Tunnel::new();
    let forward = |url: &str| Listening::start(cli, &["--store", store, "--forward", url]);
    let listening = forward(&tunnel.url);
    tunnel.leads_to(&listening);
    let callback = gateway.deposit("order-1");
    assert_eq!(gateway.deliver(&callback, listening.url()), 200);
    listening.next("stored");
    let (refused, put_back) = (listening.any(), listening.any());
    assert_eq!(refused["status"], 508, "{refused}");
    let reason = put_back["reason"].as_str().unwrap();
    assert!(reason.contains("leads back to this receiver"), "{reason}");
    assert_eq!(listening.stop("-TERM").0, Some(0));

    let merchant = Merchant::new([200]);
    cli.run(&["inbox", "replay", "1", "--store", store]).ends(0);
    let listening = forward(&merchant.url());
    assert_eq!(listening.next("applied")["forwarded"], true);
    assert!(merchant.next().idempotency_key.ends_with(":confirmed"));
    assert_eq!(listening.stop("-TERM").0, Some(0));
}

#[test]
fn its_own_forward_is_no_callback() {
    let gateway = Gateway::new();
    check(&gateway, &gateway.cli(), "inbox.db");
}

#[test]
fn receivers_on_one_database_do_not_take_each_others_forwards() {
    let Some(database) = Database::new() else {
        return;
    };
    let gateway = Gateway::new();
    let cli = gateway
        .cli()
        .variable("XGATEWAY_DATABASE_URL", &database.url());
    check(&gateway, &cli, "postgres");

    let tunnel = Tunnel::new();
    let forward = ["--store", "postgres", "--forward", &tunnel.url];
    let [one, other] = [(); 2].map(|()| Listening::start(&cli, &forward));
    // Whichever of them works on it, the other one gets the forward, or it itself.
    tunnel.leads_to(&other);
    assert_eq!(gateway.deliver(&gateway.deposit("order-2"), one.url()), 200);
    let refused = other.line_with("refused");
    assert!(refused.contains("508"), "{refused}");
    for listening in [one, other] {
        assert_eq!(listening.stop("-TERM").0, Some(0));
    }
}

#[test]
fn where_it_listens_is_no_place_to_forward_to() {
    for url in ["http://127.0.0.1:4011/hook", "http://localhost:4011/"] {
        Cli::new()
            .run(&["callback", "listen", "--forward", url])
            .ends(2)
            .says("--forward names this receiver itself")
            .says("hint: name the URL of your own server");
    }
}
