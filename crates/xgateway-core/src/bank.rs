//! Where money is paid to by bank: IBAN and BIC, or account number and sort code.
//!
//! Each type is checked when it is made: an account that cannot exist is never shown to a customer. What names a
//! person's account prints nothing; a bank alone may be printed.

mod bic;
mod iban;
mod uk;

pub use bic::{Bic, BicError};
pub use iban::{Iban, IbanError};
pub use uk::{AccountNumber, AccountNumberError, SortCode, SortCodeError};
