//! A card deposit by hand on reqwest and serde.

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    card_number: String,
    cardholder_name: String,
    expiry_month: String,
    expiry_year: String,
    card_security_code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingAddress {
    address_line1: String,
    city: String,
    country_code: String,
    postal_code: String,
    state: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deposit {
    amount: f64,
    account_id: String,
    base_currency: String,
    customer_id: String,
    customer_date_of_birth: String,
    customer_email: String,
    customer_first_name: String,
    customer_last_name: String,
    customer_phone: String,
    user_ip: String,
    billing_address: BillingAddress,
    card: Card,
    order_id: String,
}

#[derive(Deserialize)]
struct Envelope {
    data: Answer,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "threeDSURL")]
    three_ds_url: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let deposit = Deposit {
        amount: 25.0,
        account_id: "a67ec03c-0253-4c14-9961-28985186f90c".into(),
        base_currency: "EUR".into(),
        customer_id: "customer-1".into(),
        customer_date_of_birth: "2000-02-10".into(),
        customer_email: "john.doe@example.com".into(),
        customer_first_name: "John".into(),
        customer_last_name: "Doe".into(),
        customer_phone: "49 15123456789".into(),
        user_ip: "217.138.202.40".into(),
        billing_address: BillingAddress {
            address_line1: "Main Street 1".into(),
            city: "Prague".into(),
            country_code: "CZ".into(),
            postal_code: "15000".into(),
            state: "Praha".into(),
        },
        card: Card {
            card_number: "4000 0000 0000 0002".into(),
            cardholder_name: "John Doe".into(),
            expiry_month: "12".into(),
            expiry_year: "2028".into(),
            card_security_code: "444".into(),
        },
        order_id: "order-1".into(),
    };
    let answer: Envelope = reqwest::Client::new()
        .post("https://api.demo.xgateway.tech/api/v2/gateway8")
        .header("x-api-key", "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")
        .json(&deposit)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    println!("{:?}", answer.data.three_ds_url);
    Ok(())
}
