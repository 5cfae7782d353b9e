//! What a large document costs in memory, with the network and the disk that it has in production.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

// A binary of its own: the memory is that of the process, and tests beside it would have their share.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_client::document::DocumentFile;
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_core::secret::ApiKey;
use xgateway_transport::SharedTransport;
use xgateway_transport_hyper::HyperTransport;
use xgateway_transport_reqwest::ReqwestTransport;

const LARGE_BYTES: usize = 49_000_000;

/// What the process may grow by while it sends the large one.
const GROWTH_BYTES_MAX: u64 = 8_000_000;

/// Reads uploads to their end and keeps none of them.
async fn serve(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut piece = vec![0; 64 << 10];
        let mut head = Vec::new();
        let (mut left, mut in_head) = (0, true);
        loop {
            let count = stream.read(&mut piece).await.unwrap_or(0);
            if count == 0 {
                break;
            }
            if in_head {
                head.extend_from_slice(&piece[..count]);
                let Some(end) = head.windows(4).position(|it| it == b"\r\n\r\n") else {
                    continue;
                };
                let text = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
                let length = text
                    .lines()
                    .find_map(|it| it.strip_prefix("content-length: "));
                left = length.unwrap().parse::<usize>().unwrap() - (head.len() - end - 4);
                in_head = false;
            } else {
                left -= count;
            }
            if left == 0 {
                stream.write_all(b"HTTP/1.1 204 Any\r\n\r\n").await.unwrap();
                (in_head, head) = (true, Vec::new());
            }
        }
    }
}

/// The memory of the process: `VmRSS` for now, `VmHWM` for the most since [`forget_peak`].
fn memory_bytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let value = |line: &str| Some(line.strip_prefix(name)?.strip_prefix(':')?.to_owned());
    let text = status.lines().find_map(value).unwrap();
    let kilobytes: u64 = text.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes * 1024
}

fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

async fn upload(address: SocketAddr, transport: &SharedTransport, path: &Path) {
    let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
    let environment = Environment::sandbox(&format!("http://{address}/api")).unwrap();
    let client = Client::new(environment, key, transport.clone());
    let customer = CustomerId::parse("customer-1").unwrap();
    let file = DocumentFile::open(path).await.unwrap();
    client
        .upload_document(&customer, Page::UtilityBill, file, |_| ())
        .await
        .unwrap();
}

/// Piece by piece: the test itself must not hold it either.
fn write_pdf(path: &Path, length: usize) {
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(b"%PDF-1.7").unwrap();
    let filler = vec![b'x'; 100_000];
    for _ in 0..length / filler.len() {
        file.write_all(&filler).unwrap();
    }
    file.write_all(b"%%EOF").unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_large_document_is_never_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (
        folder.path().join("small.pdf"),
        folder.path().join("large.pdf"),
    );
    write_pdf(&small, 200_000);
    write_pdf(&large, LARGE_BYTES);

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener));
    for transport in [
        SharedTransport::new(HyperTransport::new().unwrap()),
        SharedTransport::new(ReqwestTransport::new().unwrap()),
    ] {
        // What the library and its first connection take is not what is asked here.
        upload(address, &transport, &small).await;
        forget_peak();
        let before = memory_bytes("VmRSS");
        upload(address, &transport, &large).await;
        let growth = memory_bytes("VmHWM").saturating_sub(before);
        println!("{growth} bytes more for {LARGE_BYTES}");
        assert!(growth < GROWTH_BYTES_MAX, "{growth} bytes more");
    }
}
