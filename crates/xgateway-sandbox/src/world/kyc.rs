//! Customers who pay by bank: profile, applicant, documents, verification, accounts and what is paid to them
//! (protocol §5 and §6).

mod accounts;
mod agreements;
mod documents;
mod form;
mod hosted;
mod magic;
mod news;
mod payments;
mod refusal;
mod steps;

pub(crate) use refusal::KycRefusal;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use xgateway_api::json;
use xgateway_api::types::{
    CorrectProfileRequest, CreateApplicantRequest, CreateKycLinkRequest, CreateProfileRequest,
    ImportKycTokenRequest,
};
use xgateway_core::secret::PersonalText;

use self::agreements::accepted;
use super::World;
use crate::answer::{Refusal, success};
use crate::config::KycOrder;
use crate::event::{
    CustomerChange, CustomerFacts, EventKind, Items, KycNews, KycStatus, MerchantText, Personal,
};
use crate::random::Purpose;
use crate::state::{Applicant, Customer};

/// How long the KYC vendor takes to make an applicant.
const APPLICANT_TIME: SignedDuration = SignedDuration::from_secs(15);

/// How long a customer takes on the vendor's own pages.
const LINK_TIME: SignedDuration = SignedDuration::from_mins(2);

/// How a customer's KYC stands, as the API tells it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KycView<'a> {
    id: &'a str,
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docs_missing: Option<Vec<news::Missing<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kyc_reject_label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kyc_end_user_error_message: Option<&'a str>,
}

impl World {
    pub(super) fn create_profile(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<CreateProfileRequest>(body).map_err(Refusal::from)?;
        self.check_id(customer_id)?;
        self.check_personal([&request.first_name, &request.last_name])?;
        if self.state.customers.get(customer_id).is_some() {
            return Err(KycRefusal::ProfileExists.into());
        }
        if self.state.customers.count() >= self.config.limits.customers {
            return Err(Refusal::TooManyCustomers);
        }
        let items = Items {
            first_name: request.first_name.as_ref().map(personal),
            last_name: request.last_name.as_ref().map(personal),
            accepted: accepted([
                request.accepted_privacy_policy_hash.as_deref(),
                request.accepted_terms_and_conditions_hash.as_deref(),
                request.accepted_terms_of_service_hash.as_deref(),
            ]),
            birth: None,
        };
        self.change_customer(customer_id, CustomerChange::ProfileCreated(items));
        self.set_kyc(customer_id, KycNews::plain(KycStatus::Created));
        Ok(success(StatusCode::CREATED, &"User successfully created"))
    }

    pub(super) fn correct_profile(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<CorrectProfileRequest>(body).map_err(Refusal::from)?;
        self.customer(customer_id)?;
        self.check_personal([&request.first_name, &request.last_name])?;
        let items = Items {
            first_name: request.first_name.as_ref().map(personal),
            last_name: request.last_name.as_ref().map(personal),
            accepted: accepted([
                request.accepted_privacy_policy_hash.as_deref(),
                request.accepted_terms_and_conditions_hash.as_deref(),
                request.accepted_terms_of_service_hash.as_deref(),
            ]),
            birth: request
                .date_of_birth
                .map(|date| magic::of_birth(date.expose())),
        };
        self.change_customer(customer_id, CustomerChange::ProfileCorrected(items));
        Ok(no_content())
    }

    pub(super) fn create_applicant(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<CreateApplicantRequest>(body).map_err(Refusal::from)?;
        if self.customer(customer_id)?.applicant != Applicant::None {
            return Err(KycRefusal::ApplicantExists.into());
        }
        self.check_open(customer_id)?;
        let change = CustomerChange::ApplicantCreated {
            ready_at: self.after(APPLICANT_TIME),
            birth: magic::of_birth(request.date_of_birth.expose()),
        };
        self.change_customer(customer_id, change);
        Ok(success(
            StatusCode::CREATED,
            &"KYC applicant was created successfully",
        ))
    }

    pub(super) fn read_kyc(&self, customer_id: &str) -> Response<Bytes> {
        let customer = self.state.customers.get(customer_id);
        let kyc = customer.and_then(|it| it.kyc.as_ref());
        let missing = customer.map(news::missing).unwrap_or_default();
        let view = KycView {
            id: customer_id,
            status: kyc.map(|news| news.status.as_str()),
            docs_missing: (!missing.is_empty())
                .then(|| missing.iter().map(|kind| news::Missing::of(kind)).collect()),
            kyc_reject_label: kyc.and_then(KycNews::label),
            kyc_end_user_error_message: kyc.and_then(|news| news.message.as_deref()),
        };
        success(StatusCode::OK, &view)
    }

    /// The customer does everything on the vendor's page, by hand or by itself after a while.
    pub(super) fn create_kyc_link(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        json::read::<CreateKycLinkRequest>(body).map_err(Refusal::from)?;
        let status = self.customer(customer_id)?.status();
        self.check_open(customer_id)?;
        let id = self
            .random
            .uuid(Purpose::KycLink, customer_id.as_bytes(), 0);
        let is_new = !self
            .state
            .schedule
            .waits_for_link(self.customer_uuid(customer_id));
        if is_new {
            let done_at = self.after(LINK_TIME);
            let page = Some(id);
            self.change_customer(customer_id, CustomerChange::LinkMade { done_at, page });
        }
        if status == Some(KycStatus::Created) {
            self.set_kyc(customer_id, KycNews::plain(KycStatus::KycNeeded));
        }
        let link = format!("{}/kyc/{id}", self.public_url);
        Ok(success(StatusCode::CREATED, &link))
    }

    pub(super) fn import_kyc_token(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        json::read::<ImportKycTokenRequest>(body).map_err(Refusal::from)?;
        let customer = self.customer(customer_id)?;
        // The documents have the account before the token. Where KYC comes before the account there is none to ask for.
        if self.config.kyc.order == KycOrder::AccountFirst && customer.accounts.is_empty() {
            return Err(KycRefusal::NoAccount.into());
        }
        self.check_open(customer_id)?;
        let customer = self.customer(customer_id)?;
        let ready_at = (customer.applicant == Applicant::None).then(|| self.after(APPLICANT_TIME));
        self.change_customer(customer_id, CustomerChange::TokenImported { ready_at });
        Ok(success(StatusCode::CREATED, &"KYC token was accepted"))
    }

    /// Whether there is something left to do for a customer.
    fn is_open(&self, customer_id: &str) -> bool {
        let customer = self.state.customers.get(customer_id);
        let status = customer.and_then(Customer::status);
        status.is_none_or(KycStatus::is_open)
    }

    fn check_open(&self, customer_id: &str) -> Result<(), Refusal> {
        let is_open = self.is_open(customer_id);
        is_open.then_some(()).ok_or(KycRefusal::NotNow.into())
    }

    fn customer(&self, customer_id: &str) -> Result<&Customer, Refusal> {
        let customer = self.state.customers.get(customer_id);
        customer.ok_or_else(|| KycRefusal::NoProfile.into())
    }

    fn customer_uuid(&self, customer_id: &str) -> uuid::Uuid {
        self.random
            .uuid(Purpose::Customer, customer_id.as_bytes(), 0)
    }

    fn change_customer(&mut self, customer_id: &str, change: CustomerChange) {
        self.record(EventKind::CustomerChanged(std::sync::Arc::new(
            CustomerFacts {
                customer: self.customer_uuid(customer_id),
                customer_id: MerchantText::from(customer_id),
                change,
            },
        )));
    }

    fn after(&self, by: SignedDuration) -> Timestamp {
        self.state.now.saturating_add(by).unwrap_or(Timestamp::MAX)
    }
}

fn personal(text: &PersonalText) -> Personal {
    Personal::from(text.expose())
}

/// A success without a body.
fn no_content() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let no_store = http::HeaderValue::from_static("no-store");
    answer
        .headers_mut()
        .insert(http::header::CACHE_CONTROL, no_store);
    answer
}
