//! Documents of customers, which are sent while they are read.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use tokio::time::Instant;
use xgateway_api::answer;
use xgateway_api::call::Upload as _;
use xgateway_api::multipart::{FilePart, Multipart};
use xgateway_api::types::{KycDocumentSubType, KycDocumentType, UploadDocument};
use xgateway_core::document::Page;
use xgateway_core::id::CustomerId;
use xgateway_transport::Body;

use super::Client;
use crate::document::{DocumentFile, FileSource};
use crate::error::{CallerError, Error, ValidationError};
use crate::retry::StopReason;
use crate::send::finish;
use crate::{Answered, Attempts, Deadline};

/// What a slow line carries: beyond it an upload counts as stalled.
const BYTES_PER_SECOND_MIN: u64 = 32 << 10;

impl Client {
    /// Uploads one side of a document, or replaces it: `PUT .../kyc/document`.
    ///
    /// The file is read while it is sent and never held as a whole. `on_sent` is called with the bytes of it that were
    /// handed to the network so far. The time to wait grows with the size of the file, by a second for each 32 KiB.
    ///
    /// Doing it again is safe: the same side again replaces the file, and nobody looks at it before the verification is
    /// [started](Self::start_verification).
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send). A file that cannot be read any more, or has changed since it was looked at, is an
    /// [`Error::Transport`]; the gateway then has not got the whole of it.
    ///
    /// ```
    /// use std::io::Cursor;
    /// # use http::StatusCode;
    /// # use xgateway_api::environment::Environment;
    /// # use xgateway_client::Client;
    /// use xgateway_client::document::DocumentFile;
    /// use xgateway_core::document::Page;
    /// # use xgateway_core::id::CustomerId;
    /// # use xgateway_core::secret::ApiKey;
    /// # use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
    /// # let gateway = ScriptedTransport::new([
    /// #     ExpectedRequest::new(http::Method::PUT, "/api/v2/customer/customer-1/bank-transfer/kyc/document")
    /// #         .answers(StatusCode::NO_CONTENT, ""),
    /// # ]);
    /// # let client = Client::new(Environment::Demo, ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?, gateway);
    /// let file = DocumentFile::from_reader(Cursor::new(b"%PDF-1.7 ... %%EOF")).await?;
    /// let customer = CustomerId::parse("customer-1")?;
    /// client.upload_document(&customer, Page::UtilityBill, file, |bytes| println!("{bytes}")).await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn upload_document(
        &self,
        customer_id: &CustomerId,
        page: Page,
        file: DocumentFile,
        on_sent: impl FnMut(u64) + Send + 'static,
    ) -> Result<Answered<()>, Error> {
        let (document_type, document_sub_type) = wire_names(page);
        let upload = UploadDocument {
            customer_id: customer_id.as_str().to_owned(),
            document_type,
            document_sub_type,
        };
        let exchange = self.send_form(&upload, page, file, Box::new(on_sent));
        self.logged(UploadDocument::OPERATION, exchange).await
    }

    async fn send_form(
        &self,
        upload: &UploadDocument,
        page: Page,
        file: DocumentFile,
        on_sent: Box<dyn FnMut(u64) + Send>,
    ) -> Result<Answered<()>, Error> {
        let operation = UploadDocument::OPERATION;
        upload
            .check()
            .map_err(|issues| Error::Validation(ValidationError::local(operation, issues)))?;
        let shared = &*self.shared;
        let mut head = shared
            .endpoint
            .upload_head(upload, &shared.paths)
            .map_err(|error| Error::Caller(CallerError::new(operation, error)))?;
        let name = format!("{page}.{}", file.kind().extension());
        let part = FilePart {
            name: &name,
            media_type: file.kind().media_type(),
        };
        let form = Multipart::new(upload, &part, *file.digest());
        let source = FileSource::new(form.head, file, form.tail, on_sent);
        head.headers_mut().insert(CONTENT_TYPE, form.content_type);
        let writing_time = Duration::from_secs(source.length() / BYTES_PER_SECOND_MIN);
        let call_time = shared.timeouts.of(operation).call;
        let (now, wall) = (Instant::now(), shared.wall_clock.now());
        let own = Deadline::from(now, call_time.saturating_add(writing_time));
        let end = own.or_earlier(self.deadline.unwrap_or(own));
        let request = head.map(|()| Body::streamed(source.length(), source));
        let mut attempts = Attempts::NONE;
        let decode = answer::decode_upload::<UploadDocument>;
        let exchange = self.begin(request, (now, wall), end, &mut attempts);
        match finish(operation, exchange, decode).await {
            Ok(answer) => Ok(answer.with_attempts(attempts)),
            Err(mut error) => {
                // Its body is gone, so whether to do it again is for who has the file.
                attempts.stop(StopReason::NotRepeatable);
                error.set_attempts(attempts);
                Err(error)
            }
        }
    }
}

/// The gateway's names for a side of a document.
fn wire_names(page: Page) -> (KycDocumentType, Option<KycDocumentSubType>) {
    use KycDocumentSubType::{BackSide, FrontSide};
    use KycDocumentType::{Drivers, IdCard, Passport, ResidencePermit, Selfie, UtilityBill};

    match page {
        Page::Passport => (Passport, None),
        Page::DrivingLicenceFront => (Drivers, Some(FrontSide)),
        Page::DrivingLicenceBack => (Drivers, Some(BackSide)),
        Page::IdCardFront => (IdCard, Some(FrontSide)),
        Page::IdCardBack => (IdCard, Some(BackSide)),
        Page::ResidencePermit => (ResidencePermit, None),
        Page::ResidencePermitFront => (ResidencePermit, Some(FrontSide)),
        Page::ResidencePermitBack => (ResidencePermit, Some(BackSide)),
        Page::Selfie => (Selfie, None),
        Page::UtilityBill => (UtilityBill, None),
    }
}
