//! The sandbox against a bare server that answers a constant: what a whole gateway in memory costs.
//!
//! Both are served by a runtime on a thread of its own, and asked for deposits over 32 connections in turn.

mod clients;
mod process;

use std::net::SocketAddr;
use std::time::Duration;

use xgateway_sandbox::{Config, Sandbox, World};

use crate::clock::Moment;
use crate::contest::{Effort, Standing};
use crate::figure::{Figure, Value};
use crate::ratio::Spread;
use crate::{Outcome, server};
use clients::Clients;
use process::Process;

/// How many ask at the same time.
const CLIENTS: u32 = 32;

/// How many requests in a slice are sent over each connection, for each call of the effort.
const REQUESTS_PER_CALL: u32 = 4;

/// How many deposits there were when memory is looked at, and how many more there are then.
const DEPOSITS: [u32; 2] = [200_000, 800_000];

/// How many worlds stand side by side.
const WORLDS: u64 = 1000;

pub(crate) fn measure(effort: Effort, is_quick: bool) -> Outcome<Vec<Figure>> {
    let clients = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (peer, key) = (
        server::start(server::Version::Http1)?,
        Config::new(1).api_key,
    );
    let mut figures = clients.block_on(async {
        let mut ours = Clients::connect(serve()?, CLIENTS, key.expose()).await?;
        let mut theirs = Clients::connect(peer, CLIENTS, key.expose()).await?;
        contest(effort, &mut ours, &mut theirs).await
    })?;
    figures.extend(process(key.expose(), is_quick)?);
    Ok(figures)
}

async fn contest(effort: Effort, ours: &mut Clients, theirs: &mut Clients) -> Outcome<Vec<Figure>> {
    let each = effort.calls * REQUESTS_PER_CALL;
    let (mut times, mut tails) = (Vec::new(), Vec::new());
    // One slice of each before it counts.
    ours.take(each).await?;
    theirs.take(each).await?;
    for round in 0..effort.disk_rounds {
        let (our, their) = if round % 2 == 0 {
            let first = ours.take(each).await?;
            (first, theirs.take(each).await?)
        } else {
            let first = theirs.take(each).await?;
            (ours.take(each).await?, first)
        };
        times.push((our.whole, their.whole));
        tails.push((our.tail, their.tail));
    }
    let peer = "hyper, a constant answer";
    let runs = each * CLIENTS;
    Ok(vec![
        Figure::rate(
            "sandbox, deposits over 32 connections",
            peer,
            Standing::of_rates(&times, runs, runs),
        )
        .at_least(550),
        Figure::latency(
            "sandbox, the 99th of a hundred of them",
            peer,
            Standing::of(&tails, 1, 1),
        )
        .at_most(2500),
    ])
}

/// What a process costs that does nothing but serve a sandbox.
fn process(key: &str, is_quick: bool) -> Outcome<Vec<Figure>> {
    let mut starts = Vec::new();
    for _ in 0..9 {
        starts.push(Process::start()?.started_in);
    }
    let start = Spread::of(starts).median;
    let process = Process::start()?;
    let idle = process.memory_kib()?;
    let figure = |name, peer, value| Figure {
        name,
        peer,
        value,
        goal: None,
    };
    let mut figures = vec![
        figure(
            "sandbox, a world in this process",
            "1 ms",
            Value::Time {
                subject: world()?,
                peer: Duration::from_millis(1),
            },
        )
        .at_most(1000),
        figure(
            "sandbox, start to first answer",
            "20 ms",
            Value::Time {
                subject: start,
                peer: Duration::from_millis(20),
            },
        )
        .at_most(1000),
        figure(
            "sandbox, memory before the first deposit",
            "12 MB",
            Value::Memory {
                subject: idle,
                peer: 12_000_000 / 1024,
            },
        )
        .at_most(1000),
    ];
    if is_quick {
        return Ok(figures);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut sizes = Vec::new();
    runtime.block_on(async {
        let mut clients = Clients::connect(process.address, CLIENTS, key).await?;
        for count in DEPOSITS {
            clients.take(count / CLIENTS).await?;
            sizes.push(process.memory_kib()?);
        }
        Outcome::Ok(())
    })?;
    let (peer, subject) = (sizes[0], sizes[1]);
    figures.push(
        figure(
            "sandbox, memory after a million deposits",
            "after 200 000",
            Value::Memory { subject, peer },
        )
        .at_most(1100),
    );
    Ok(figures)
}

/// What a world takes from nothing to its first answer, while all that were made before are there still.
fn world() -> Outcome<Duration> {
    let health = http::Request::get("/_sandbox/health").body(bytes::Bytes::new())?;
    let (mut worlds, mut times) = (Vec::new(), Vec::new());
    for seed in 0..WORLDS {
        let begin = Moment::now();
        let mut world = World::new(Config::new(seed));
        let answer = world.handle(&health);
        times.push(begin.elapsed().wall);
        if answer.status() != http::StatusCode::OK {
            return Err("it does not answer".into());
        }
        worlds.push(world);
    }
    Ok(Spread::of(times).median)
}

/// Serves a sandbox until the process ends.
fn serve() -> Outcome<SocketAddr> {
    server::on_thread("sandbox", |listener| async {
        let sandbox = Sandbox::new(Config::new(1));
        sandbox.serve(listener, std::future::pending()).await
    })
}

/// The program itself as that process: tells where it serves, and ends when its stdin does.
pub(crate) fn serve_until_told() -> Outcome<()> {
    let address = serve()?;
    {
        use std::io::Write as _;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{address}")?;
        out.flush()?;
    }
    std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())?;
    Ok(())
}
