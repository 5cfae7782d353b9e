use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

use crate::builder::BuildError;

/// TLS that trusts the CA certificates of the machine and these, or nothing if
/// there are none at all.
pub(crate) fn connector(roots_pem: &[Vec<u8>]) -> Result<Option<TlsConnector>, BuildError> {
    let failed = |err: rustls::Error| BuildError(err.into());
    let mut roots = Vec::new();
    for pem in roots_pem {
        for root in CertificateDer::pem_slice_iter(pem) {
            roots.push(root.map_err(|err| BuildError(err.into()))?);
        }
    }
    if roots.is_empty() && !roots_pem.is_empty() {
        return Err(BuildError("there is no certificate in the PEM text".into()));
    }
    let no_extra_roots = roots.is_empty();
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let verifier = match Verifier::new_with_extra_roots(roots, Arc::clone(&provider)) {
        Ok(verifier) => verifier,
        // The verifier refuses to be made when it would trust nobody.
        Err(_) if no_extra_roots => return Ok(None),
        Err(err) => return Err(failed(err)),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        // Dangerous is to choose the verifier; this one is the platform's.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsConnector::from(Arc::new(config))))
}
