//! A card deposit through the facade.

use jiff::civil::date;
use xgateway::ReqwestTransport;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::client::Client;
use xgateway::core::secret::ApiKey;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = br#"{
      "amount": 25.00, "baseCurrency": "EUR", "orderId": "order-1",
      "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
      "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
      "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
      "userIp": "217.138.202.40",
      "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
                         "postalCode": "15000", "state": "Praha"},
      "card": {"cardNumber": "4000 0000 0000 0002", "cardholderName": "John Doe",
               "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}
    }"#;
    let environment = Environment::Demo;
    let policy = CardPolicy::new(&environment, date(2026, 11, 21));
    let deposit = CardDeposit::from_json(text, &policy)?;
    let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
    let client = Client::new(environment, key, ReqwestTransport::new()?);
    let answer = client.create_card_deposit(&deposit).await?;
    println!("{:?}", answer.data().three_ds_url);
    Ok(())
}
