//! Prints `docs/reference/delivery.md`:
//!
//! ```text
//! cargo run -p xgateway-conformance --example delivery-matrix > docs/reference/delivery.md
//! ```

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use xgateway_conformance::delivery_document;
use xgateway_transport::SharedTransport;
use xgateway_transport_hyper::HyperTransport;
use xgateway_transport_reqwest::ReqwestTransport;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let text = runtime.block_on(document())?;
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

async fn document() -> Result<String, Box<dyn Error>> {
    let short = Duration::from_millis(200);
    let hyper = HyperTransport::builder()
        .write_timeout(short)
        .answer_timeout(2 * short)
        .read_timeout(short)
        .build()?;
    let adapters = [
        ("reqwest", SharedTransport::new(ReqwestTransport::new()?)),
        ("hyper", SharedTransport::new(hyper)),
    ];
    Ok(delivery_document(&adapters).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_document_is_up_to_date() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/reference/delivery.md"
        );
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        let text = document().await.unwrap();
        assert!(
            stored == text,
            "docs/reference/delivery.md is out of date; it should be:\n{text}"
        );
    }
}
