use xgateway_core::callback::CallbackHash;
use xgateway_core::secret::SecretKey;
use xgateway_store::Kind;

use crate::authentic::Proven;
use crate::error::CallbackError;
use crate::members::members;
use crate::raw::scan;

/// The hash that a callback with this body has, whatever hash it has now.
///
/// # Errors
///
/// [`CallbackError`] if no receiver would accept a callback with these fields.
pub fn hash_of(body: &[u8], key: &SecretKey) -> Result<CallbackHash, CallbackError> {
    let fields = scan(body)?;
    let kind = match fields.kind()? {
        Ok(kind) => kind,
        // A new kind is hashed as what it looks like.
        Err(_) if fields.amount.is_text() => Kind::Transaction,
        Err(_) if fields.currency.is_text() => Kind::BankAccount,
        Err(_) => Kind::Kyc,
    };
    Ok(Proven::read(&fields, kind)?.hashed().with(key))
}

/// Signs a callback, as the gateway does, for tests and tools: the same members, and `hash` as the last one.
///
/// ```
/// use xgateway_callback::sign;
/// use xgateway_core::secret::SecretKey;
///
/// let key = SecretKey::parse("test_secret_key")?;
/// let body = sign(br#"{"callbackType": "kyc", "customerId": "demo_customer_id"}"#, &key)?;
/// assert_eq!(
///     String::from_utf8(body)?,
///     r#"{"callbackType":"kyc","customerId":"demo_customer_id","hash":"l9g6R+pEkE+zCiXBXb/myZ/56LD++EYKQgCtUn5nK7g6iCDlao6YLaCqyHc3L7fUrC8bSRBMhaHiQw7D/lGR4g=="}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`CallbackError`] if no receiver would accept a callback with these fields.
pub fn sign(body: &[u8], key: &SecretKey) -> Result<Vec<u8>, CallbackError> {
    let hash = hash_of(body, key)?;
    let mut signed = b"{".to_vec();
    for (name, value) in members(body).unwrap_or_default() {
        if name != "hash" {
            signed.extend(serde_json::Value::String(name).to_string().bytes());
            signed.push(b':');
            signed.extend(value.get().bytes());
            signed.push(b',');
        }
    }
    signed.extend(format!("\"hash\":\"{hash}\"}}").bytes());
    Ok(signed)
}
