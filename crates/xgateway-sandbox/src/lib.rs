//! A stateful, deterministic sandbox of the XGateway payment gateway.
//!
//! A [`World`] is a whole gateway in memory: pure, synchronous, with a clock of its own, and determined by its seed and
//! what is asked of it. A [`Sandbox`] shares a world between clients in the same process
//! ([`Sandbox::transport`]) and on a socket ([`Sandbox::serve`]).
//!
//! ```
//! use bytes::Bytes;
//! use xgateway_sandbox::{Config, World};
//!
//! let config = Config::new(1);
//! let request = http::Request::get("http://sandbox.invalid/api/v2/invoices/order-1")
//!     .header("x-api-key", config.api_key.expose())
//!     .body(Bytes::new())?;
//! let mut world = World::new(config);
//! assert_eq!(world.handle(&request).status(), 404);
//! # Ok::<(), http::Error>(())
//! ```
//!
//! # Paths
//!
//! | path | what |
//! | --- | --- |
//! | `/api/v2/...`, `/api/v1/...` | the operations of the gateway; without `/api`, too |
//! | `/3ds/{token}` | the 3DS page of a deposit; its buttons post to `approve`, `decline` and `leave` below it |
//! | `/kyc/{page}` | the vendor's page behind a hosted KYC link; its buttons post to `finish`, `fail`, `refuse` and `leave` below it |
//! | `/checkout/{invoiceId}` | how an invoice stands, live |
//! | `/checkout/{address}` | a deposit address with its QR code, and what was paid to it, live |
//! | `/inspector` | what happened and why, for people; live |
//! | `/public/{id}.svg` | a deposit address as a QR code |
//! | `/_sandbox/deposits` | POST: somebody pays on the blockchain, or by bank; see below |
//! | `/_sandbox/withdrawals` | POST: the merchant pays a customer; see below |
//! | `/_sandbox/clock` | GET: the time, and how the clock moves |
//! | `/_sandbox/clock/advance` | POST `{"seconds"}`: time passes; `/_sandbox/clock` takes the same |
//! | `/_sandbox/faults` | POST, GET, DELETE: what goes wrong; see below |
//! | `/_sandbox/explain/{id}` | what was asked about an invoice, a transaction, an order, a customer, a callback's number or the `x-request-id` of an answer, which events followed, and why |
//! | `/_sandbox/health` | answers when the sandbox does |
//! | `/_sandbox/events` | everything that happened, free of card and personal data; `?after=N` leaves out the first N |
//! | `/docs` | the OpenAPI document for people |
//! | `/openapi.json`, `/openapi.yaml` | the OpenAPI document; as JSON its only server is this sandbox |
//!
//! # Test cards
//!
//! Every security code will do, and every expiry from the world's month on. Numbers mean different things in different test environments, so
//! refer to cards by name: [`SandboxCard::named`].
//!
//! | name | number | documented by the gateway | what it does |
//! | --- | --- | --- | --- |
//! | `three_ds` | `4000 0000 0000 0002` | yes | a person decides on the 3DS page |
//! | `not_enrolled` | `4000 0000 0000 0408` | yes | Demo: the page passes by itself; live: no page |
//! | `frictionless` | `4000 0000 0001 1017` | no | no page: `threeDSURL` is null, the invoice is completed |
//! | `three_ds_then_declined` | `4000 0000 0001 1025` | no | the bank declines after the approval |
//! | `three_ds_then_slow` | `4000 0000 0001 1033` | no | processing for a minute after the approval, then confirmed |
//! | `insufficient_funds` | `4000 0000 0001 1041` | no | refused with 400 |
//! | `lost_card` | `4000 0000 0001 1058` | no | refused with 400 |
//! | `partner_failure` | `4000 0000 0001 1066` | no | 500, nothing was paid |
//! | `answer_lost` | `4000 0000 0001 1074` | no | 500, although the customer has paid |
//!
//! Any other number is refused: 400, "Card details are invalid. Please check and try again."
//!
//! # Addresses and the blockchain
//!
//! A customer has one address for each currency, and one for all networks that run Ethereum's virtual machine. Pay to it
//! with `{"address", "amount", "currency"?, "transactionHash"?, "outcome"?}`, whose values are texts.
//!
//! The payment is `processing` until its network has made enough blocks, more of them from 1000 US dollars on. Its
//! `outcome` is `confirmed` unless the request says `failed`, or `failed_then_confirmed`, which turns an hour later.
//! Where an address serves several currencies, the one that was asked for last is paid if none is named. The same
//! transaction hash is the same payment.
//!
//! Rates follow from the seed and move with every minute of the world's clock. Balances are what deposits brought and
//! withdrawals took, less fees.
//!
//! # Withdrawals
//!
//! `{"customerId", "currency", "amount", "orderId"?, "outcome"?}` pays a customer. The gateway's own `/v2/withdrawal` is
//! not there, because what it answers is documented nowhere. The transaction is `pending` for 10 seconds and then
//! `failed`, as every withdrawal in Demo; with the outcome `confirmed` it is paid out if the balance holds it. A
//! callback tells either. The order id is its key. `/v2/transaction/simulate` ends it, too, by the `invoiceId` of the answer.
//!
//! # Bank accounts and KYC
//!
//! A customer has a profile, an applicant (the vendor takes 15 seconds to make it), documents and, once they are all
//! there and the three agreements are accepted, a verification. It takes 10 seconds, and passes unless magic data say
//! otherwise. Last names count in any case, words within the first or last 4096 bytes of a file:
//!
//! | last name | date of birth | words in a file | what comes of it |
//! | --- | --- | --- | --- |
//! | `Review` | `1901-01-01` | `xgateway-sandbox: review` | a person looks for four hours, then as the rest says |
//! | `Softfail` | `1902-02-02` | | `SOFT_KYC_FAILED` until the item is corrected |
//! | | | `xgateway-sandbox: unreadable` | `SOFT_KYC_FAILED` until the document is replaced, which `docsMissing` names |
//! | `Hardfail` | `1903-03-03` | `xgateway-sandbox: forged` | `HARD_KYC_FAILED` |
//! | `Reversal` | `1904-04-04` | | `FULL_USER`, taken back after 24 hours: `HARD_KYC_FAILED` |
//!
//! A hosted KYC link leads to a page on which a person plays the customer. If nobody does, the customer does everything
//! within two minutes, and is then checked like any other. A share token stands for the identity document. Every change of the status is a callback.
//!
//! [`KycOrder`] says whether the bank account comes before or after KYC. It is open after 5 seconds, in US dollars after
//! an hour, and its IBAN, or account number and sort code, follows from the seed. Pay to it with `{"iban", ...}` or
//! `{"accountNumber", "sortCode", ...}` and `"amount"`, `"senderName"`, and perhaps `"senderIban"` or
//! `"senderAccountNumber"` and `"senderSortCode"`. It is confirmed after 10 seconds, unless the bank sends it back, which
//! the answer says with its reason: `account_not_open`, `outside_limits` ([`KycConfig`]), `sender_is_company` (`Ltd`,
//! `GmbH`, ...), `sender_differs` from the profile's first and last name, or `kyc_required` (above 700 euro and from the second payment on
//! with the account first, always with KYC first).
//!
//! Of a document only its type, side, size, kind of file and hash are kept.
//!
//! # Callbacks
//!
//! A callback that the merchant does not answer with 2xx is sent again up to ten times, after 1, 2, 4, ... seconds of
//! the world's clock. [`CallbackDials`] makes them come twice, late, out of order, in bursts or not at all at first. Every
//! attempt is an event.
//!
//! # Faults
//!
//! A fault stands on the axis that matters for money. `POST /_sandbox/faults` takes one or a list of
//! `{"at", "do", ...}`, [`FaultRule`] and [`Faults`] are the same in code:
//!
//! | `at` | `do` |
//! | --- | --- |
//! | `connect` | `refuse`: nothing was sent |
//! | `proxy` | `decode`, `block`: a path with something percent-encoded arrives as another one, or not at all |
//! | `before_commit` | `reset`, `hang`, `delay`, `status`, `wrong_key`, `partner_failure` |
//! | `after_commit` | `reset`, `hang`, `delay`, `status`, `partner_failure` (the customer has paid) |
//! | `mid_answer` | `truncate`, `reset`, `drip`, `garbage` |
//! | `callback` | `lose`, `unanswered`, `twice`, `delay`, `forge` |
//!
//! `status` needs `status` and may have `retryAfter`, `delay` needs `delayMs` (and `delayMaxMs`, `distribution`:
//! `uniform`, `long_tail`), that of a callback `delaySeconds`. Whom it hits: `operation`, `order`, `skip`, `times`,
//! `occurrences`, `percent`, `seconds`. Counts are kept for each operation and order, and chance depends on the seed and
//! on which request it is, so that nothing depends on how requests interleave. The first rule that hits is what happens.
//! Only operations of the gateway, 3DS pages and callbacks meet faults.
//!
//! # What is refused, in this order
//!
//! A wrong key, an unknown path or method, a body that did not arrive or is too large, a wrong content type, broken rules
//! of the query, malformed JSON, broken rules of the body, an id that is too long or, with a log on disk, may hold a card
//! number, an order id that was used ([`IdempotencyModel`]), an account that does not fit, a card that is not taken, too
//! many active invoices. A refusal changes nothing.
//!
//! # What is kept
//!
//! No card number and no security code, and no personal datum but the name and the account numbers of a customer who
//! pays by bank, which answers hold; a log on disk has them, and nothing that is shown does. Of a card the last four digits, a token and its name in the
//! table, of a request with an order id a keyed hash. The merchant's own ids are kept as they are, since they return in
//! callbacks, and shown scrubbed of what could be a card number.

mod address;
mod answer;
mod card;
mod config;
mod data;
mod event;
mod faults;
mod hexadecimal;
mod hidden;
mod journal;
mod money;
mod page;
mod percent;
mod random;
mod rates;
mod sandbox;
mod scenario;
mod state;
mod wire;
mod world;

pub use card::{SANDBOX_CARDS, SandboxCard};
pub use config::{
    Account, AccountError, CHANNEL_ORDER_ID, CallbackDials, CallbackUrl, CallbackUrlError,
    CardCurrency, ChannelCurrency, ChoiceError, ClockMode, Config, EXAMPLE_ACCOUNT_ID,
    EXAMPLE_AGREEMENT_HASHES, IdempotencyModel, KycConfig, KycOrder, Limits, Mode,
};
pub use data::DataError;
pub use event::{Event, Events};
pub use faults::{
    CallbackFault, Damage, Failure, Fault, FaultError, FaultRule, Faults, Latency, LatencyShape,
    ProxyFault,
};
pub use sandbox::{AccessToken, Sandbox, SandboxTransport, ThreeDs, ThreeDsOverHttp, ThreeDsVisit};
pub use scenario::{
    Merchant, Scenario, ScenarioError, ScenarioOutcome, ScenarioReport, ScenarioStep,
    ScenarioVerdict,
};
pub use world::{OutgoingCallback, RestoreError, Snapshot, World};
