//! A proxy on loopback that kills whoever it serves after so many bytes.

use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// A process that is going to be killed. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Victim(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    child: Option<Child>,
    is_condemned: bool,
    was_killed: bool,
}

impl Victim {
    /// This one. If it was condemned before anybody knew it, it dies now.
    pub(crate) fn is(&self, child: Child) {
        let mut state = self.0.lock().unwrap();
        state.child = Some(child);
        if state.is_condemned {
            state.kill();
        }
    }

    /// Kills it, as `kill -9` does.
    pub(crate) fn kill(&self) {
        self.0.lock().unwrap().kill();
    }

    /// Whether it was alive when it was killed. Asked when it has ended.
    pub(crate) fn was_killed(&self) -> bool {
        let mut state = self.0.lock().unwrap();
        if let Some(mut child) = state.child.take() {
            child.wait().unwrap();
        }
        state.was_killed
    }
}

impl State {
    fn kill(&mut self) {
        self.is_condemned = true;
        let Some(mut child) = self.child.take() else {
            return;
        };
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
            self.was_killed = true;
        }
    }
}

/// Passes bytes on, in both directions.
pub(crate) struct Proxy {
    url: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Relay {
    upstream: String,
    /// How many bytes are passed on before the victim is killed.
    bytes: Arc<AtomicU64>,
    /// Whether what a dead client has sent still arrives whole.
    delivers_rest: bool,
    victim: Victim,
}

impl Proxy {
    /// Takes what comes to `listener`, which outlives it: to those who connect, all proxies there are one place.
    pub(crate) fn start(
        listener: Arc<TcpListener>,
        upstream: String,
        bytes: u64,
        delivers_rest: bool,
        victim: Victim,
    ) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let relay = Relay {
            upstream,
            bytes: Arc::new(AtomicU64::new(bytes)),
            delivers_rest,
            victim,
        };
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        let (client, _) = accepted.unwrap();
                        connections.spawn(relay.clone().run(client));
                    }
                    _ = &mut stopped => break,
                }
            }
            // Whoever has connected by now is dead; the next proxy must not find what they sent.
            while let Ok(left) = timeout(Duration::from_millis(5), listener.accept()).await {
                connections.spawn(relay.clone().run(left.unwrap().0));
            }
            connections.join_all().await;
        });
        Self { url, stop, task }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns when nothing is under way any more: the gateway has closed every connection.
    pub(crate) async fn close(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap();
    }
}

impl Relay {
    async fn run(self, mut client: TcpStream) {
        let Ok(mut gateway) = TcpStream::connect(&self.upstream).await else {
            return;
        };
        let (mut sent, mut answered) = ([0; 512], [0; 512]);
        loop {
            tokio::select! {
                read = client.read(&mut sent) => {
                    let Ok(length @ 1..) = read else { break };
                    let passed = self.pass(length);
                    let end = if self.delivers_rest { length } else { passed };
                    if gateway.write_all(&sent[..end]).await.is_err() {
                        break;
                    }
                }
                read = gateway.read(&mut answered) => {
                    let Ok(length @ 1..) = read else { break };
                    let passed = self.pass(length);
                    // A client that has gone is noticed by the other branch.
                    let _ = client.write_all(&answered[..passed]).await;
                }
            }
        }
        drop(client);
        if self.delivers_rest {
            // A gateway that is at work may finish; one that hangs has done so already, or never will.
            let _ = timeout(Duration::from_millis(200), gateway.read(&mut answered)).await;
        }
        let _ = gateway.shutdown().await;
        let rest = async { while let Ok(1..) = gateway.read(&mut answered).await {} };
        let _ = timeout(Duration::from_secs(5), rest).await;
    }

    /// Counts bytes. Says how many come before the end, at which the victim dies.
    fn pass(&self, length: usize) -> usize {
        let length = length as u64;
        let before = self
            .bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(length))
            })
            .unwrap();
        if before <= length {
            self.victim.kill();
        }
        usize::try_from(before.min(length)).unwrap()
    }
}
