//! Payments by bank: profile, KYC and virtual bank accounts of a customer (protocol §5 and §6).

use xgateway_api::types::{
    BankCurrency, BankTransferAccountResponse, CorrectProfile, CorrectProfileRequest,
    CreateApplicant, CreateApplicantRequest, CreateBankAccount, CreateBankAccountRequest,
    CreateKycLink, CreateKycLinkRequest, CreateProfile, CreateProfileRequest, GetBankAccounts,
    GetKyc, ImportKycToken, ImportKycTokenRequest, KycApplicationDetailsResponse,
    StartVerification,
};
use xgateway_core::id::CustomerId;
use xgateway_core::secret::PersonalText;

use super::Client;
use crate::{Answered, Error};

impl Client {
    /// Creates a customer's profile for bank transfers: `POST .../user`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`is_conflict`](Error::is_conflict) if there is one, which can be
    /// [corrected](Self::correct_profile).
    pub async fn create_profile(
        &self,
        customer_id: &CustomerId,
        body: CreateProfileRequest,
    ) -> Result<Answered<String>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&CreateProfile { customer_id, body }).await
    }

    /// Creates the applicant that the KYC vendor will look at: `POST .../kyc/applicant`.
    ///
    /// The vendor takes about fifteen seconds; [`kyc`](Self::kyc) tells when it is there.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn create_applicant(
        &self,
        customer_id: &CustomerId,
        body: CreateApplicantRequest,
    ) -> Result<Answered<String>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&CreateApplicant { customer_id, body }).await
    }

    /// Corrects text items of the profile and the applicant: `PATCH .../bank-transfer`. What is `None` stays.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn correct_profile(
        &self,
        customer_id: &CustomerId,
        body: CorrectProfileRequest,
    ) -> Result<Answered<()>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&CorrectProfile { customer_id, body }).await
    }

    /// Starts the verification of what was uploaded: `POST .../kyc/verification`.
    ///
    /// An answer does not say that KYC is passed: only [`kyc`](Self::kyc) does.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn start_verification(
        &self,
        customer_id: &CustomerId,
    ) -> Result<Answered<()>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&StartVerification { customer_id }).await
    }

    /// Reads how a customer's KYC stands: `GET .../kyc`. A customer who is not known has no status, which is no error.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn kyc(
        &self,
        customer_id: &CustomerId,
    ) -> Result<Answered<KycApplicationDetailsResponse>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&GetKyc { customer_id }).await
    }

    /// Makes a link to the KYC vendor's own pages: `POST .../kyc/initiate`. Whoever has it acts for the customer.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn create_kyc_link(
        &self,
        customer_id: &CustomerId,
        body: CreateKycLinkRequest,
    ) -> Result<Answered<String>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&CreateKycLink { customer_id, body }).await
    }

    /// Takes over an applicant whom the KYC vendor has already checked for somebody else: `POST .../kyc/export`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn import_kyc_token(
        &self,
        customer_id: &CustomerId,
        token: PersonalText,
    ) -> Result<Answered<()>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        let body = ImportKycTokenRequest { token };
        self.send(&ImportKycToken { customer_id, body }).await
    }

    /// Has a virtual bank account opened for a customer: `POST .../account`.
    ///
    /// It may take a while: [`bank_accounts`](Self::bank_accounts) tells when it is open.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); a refusal with status 403 if the customer must pass KYC first.
    pub async fn create_bank_account(
        &self,
        customer_id: &CustomerId,
        currency: BankCurrency,
    ) -> Result<Answered<()>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        let body = CreateBankAccountRequest { currency };
        self.send(&CreateBankAccount { customer_id, body }).await
    }

    /// Lists a customer's virtual bank accounts: `GET .../accounts`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn bank_accounts(
        &self,
        customer_id: &CustomerId,
    ) -> Result<Answered<Vec<BankTransferAccountResponse>>, Error> {
        let customer_id = customer_id.as_str().to_owned();
        self.send(&GetBankAccounts { customer_id }).await
    }
}
