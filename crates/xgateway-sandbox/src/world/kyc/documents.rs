//! `PUT .../kyc/document`: of a file only what it is, and a hash, are kept.

use bytes::Bytes;
use http::{HeaderMap, Response};
use sha2::{Digest as _, Sha256};
use xgateway_api::operation::Operation;
use xgateway_core::issue::{Issue, IssueKind, Issues, Path, Segment};

use super::form::Form;
use super::{KycRefusal, magic, no_content};
use crate::answer::Refusal;
use crate::event::{CustomerChange, DocumentFacts, KycStatus};
use crate::hexadecimal::hexadecimal;
use crate::state::{Applicant, BACK};
use crate::world::World;

impl World {
    pub(in crate::world) fn upload_document(
        &mut self,
        operation: &'static Operation,
        customer_id: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let Some(rules) = &operation.form else {
            return Err(Refusal::Internal);
        };
        let form = Form::read(headers, body)?;
        rules.rules.check(&form).map_err(Refusal::Invalid)?;
        let file = form.part(rules.file).unwrap_or_default();
        let bytes = file.len() as u64;
        if bytes > rules.file_bytes_max {
            return Err(Refusal::BodyTooLarge);
        }
        let kind = form.text("documentType").unwrap_or_default();
        let side = form.text("documentSubType");
        let is_two_sided = matches!(kind, "ID_CARD" | "DRIVERS");
        let is_one_sided = matches!(kind, "SELFIE" | "PASSPORT" | "UTILITY_BILL");
        if (is_two_sided && side.is_none()) || (is_one_sided && side == Some(BACK)) {
            return Err(invalid("documentSubType"));
        }
        let format = magic::format(file).ok_or_else(|| invalid("file"))?;
        let customer = self.customer(customer_id)?;
        if customer.applicant != Applicant::Ready {
            return Err(KycRefusal::NoApplicant.into());
        }
        let status = customer.status();
        // One that comes while the customer is checked counts for the next time (protocol §5: that status may wait for data,
        // too).
        if !matches!(
            status,
            Some(KycStatus::PendingKycData | KycStatus::KycPending | KycStatus::SoftKycFailed)
        ) {
            return Err(KycRefusal::NotNow.into());
        }
        let facts = DocumentFacts {
            kind: kind.into(),
            side: side.map(Box::from),
            bytes,
            format,
            hash: hexadecimal(&Sha256::digest(file)).into(),
            outcome: magic::of_file(file),
        };
        self.change_customer(customer_id, CustomerChange::DocumentStored(facts));
        Ok(no_content())
    }
}

/// An issue of a part that the rules of the document cannot state.
fn invalid(part: &'static str) -> Refusal {
    let path = Path::Told([Segment::Key(part.into())].into());
    Refusal::Invalid(Issues::from(Issue::new(IssueKind::Custom, path)))
}
