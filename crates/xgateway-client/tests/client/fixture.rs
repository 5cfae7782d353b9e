use jiff::civil::date;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_core::secret::ApiKey;

pub(crate) const API_KEY: &str = "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11";

pub(crate) const DEPOSIT: &str = r#"{
  "amount": 25.00,
  "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
  "baseCurrency": "EUR",
  "customerId": "canary-customer",
  "customerDateOfBirth": "1971-03-04",
  "customerEmail": "canary.bird@example.com",
  "customerFirstName": "Canaria",
  "customerLastName": "Birdwell",
  "customerPhone": "49 15123456789",
  "userIp": "217.138.202.40",
  "billingAddress": {
    "addressLine1": "Feather Street 77",
    "addressLine2": "Perch 5",
    "city": "Cagetown",
    "countryCode": "CZ",
    "postalCode": "98765",
    "state": "Aviary"
  },
  "card": {
    "cardNumber": "4000 0000 0000 0002",
    "cardholderName": "CANARIA BIRDWELL",
    "expiryMonth": "12",
    "expiryYear": "2028",
    "cardSecurityCode": "739"
  },
  "orderId": "order-1",
  "redirectUrl": "https://shop.example.com/back"
}"#;

pub(crate) fn api_key() -> ApiKey {
    ApiKey::parse(API_KEY).expect("the key is visible ASCII")
}

pub(crate) fn deposit() -> CardDeposit {
    let policy = CardPolicy::new(&Environment::Demo, date(2026, 11, 21));
    CardDeposit::from_json(DEPOSIT.as_bytes(), &policy)
        .expect("the deposit passes rules and policy")
}
