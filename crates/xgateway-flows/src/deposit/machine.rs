use std::collections::BTreeMap;
use std::fmt;

use xgateway_api::address::DepositAddress;
use xgateway_api::types::TransactionData;
use xgateway_client::Answered;
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::{Amount, Currency};

use super::settled::Word;
use super::{Action, Contradiction, Event, NamedOrder, Reading, SettledDeposit};

/// The deposits of one customer as a function: an event changes the state and asks for actions. No I/O, no clock.
///
/// Whoever drives it carries out the actions and reports what came of them as further events, in any order and as
/// often as they happen. See the [module](super) for the states.
#[derive(Clone, Eq, PartialEq)]
pub struct Machine {
    /// The base URL of the environment that it belongs to, once that is known.
    pub(super) environment: Option<Box<str>>,
    customer_id: CustomerId,
    /// By the code of the currency.
    addresses: BTreeMap<Box<str>, Box<str>>,
    transactions: BTreeMap<TransactionId, Standing>,
    /// What was handed out and the gateway stood by no more, to which nobody has seen; and whether it stands by it again.
    pub(super) taken_back: BTreeMap<TransactionId, bool>,
}

/// How a transaction of the customer stands.
///
/// Money hangs on each of these, so a match must answer all of them: another one will be a new major version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Standing {
    /// The gateway waits for the blockchain.
    Pending,
    /// It failed, as far as anybody knows.
    Failed,
    /// It was confirmed: the customer is to be credited with this, and nobody has said yet that it was done.
    Confirmed(Amount),
    /// It was confirmed, and the customer credited with this.
    Credited(Amount),
}

impl Machine {
    /// A customer of whom nothing is known yet.
    pub fn new(customer_id: CustomerId) -> Self {
        Self::restored(customer_id, BTreeMap::new(), BTreeMap::new())
    }

    pub(super) fn restored(
        customer_id: CustomerId,
        addresses: BTreeMap<Box<str>, Box<str>>,
        transactions: BTreeMap<TransactionId, Standing>,
    ) -> Self {
        Self {
            environment: None,
            customer_id,
            addresses,
            transactions,
            taken_back: BTreeMap::new(),
        }
    }

    /// Whose deposits these are.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }

    /// The base URL of the environment that it belongs to.
    ///
    /// `None` until a [`DepositFlow`](super::DepositFlow) takes it up, and in snapshots of versions that did not write it down.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The customer's address in a currency, once it was given.
    pub fn address(&self, currency: &Currency) -> Option<&str> {
        self.addresses.get(currency.as_str()).map(AsRef::as_ref)
    }

    /// Every address, with the code of its currency.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        self.addresses
            .iter()
            .map(|(code, address)| (&**code, &**address))
    }

    /// How a transaction stands, if it is one of this customer's and known.
    pub fn standing(&self, id: &TransactionId) -> Option<&Standing> {
        self.transactions.get(id)
    }

    /// Every transaction that is known.
    pub fn transactions(&self) -> impl Iterator<Item = (&TransactionId, &Standing)> {
        self.transactions.iter()
    }

    /// Every credit of which it was said that it was done. After a restart the ledger must hold each of them.
    pub fn credits(&self) -> impl Iterator<Item = (&TransactionId, &Amount)> {
        self.transactions
            .iter()
            .filter_map(|(id, standing)| match standing {
                Standing::Credited(amount) => Some((id, amount)),
                Standing::Pending | Standing::Failed | Standing::Confirmed(_) => None,
            })
    }

    /// What was handed out to be credited, and of which the gateway said later that it is confirmed no more. It stays here until
    /// the gateway confirms it again and somebody has [seen](super::DepositFlow::seen_to) to that.
    pub fn taken_back(&self) -> impl Iterator<Item = &TransactionId> {
        self.taken_back.keys()
    }

    /// What to read to learn how things stand that are not settled: whatever is pending, or confirmed and not credited.
    pub fn look(&self) -> Vec<Action> {
        self.transactions
            .iter()
            .filter(|(_, standing)| matches!(standing, Standing::Pending | Standing::Confirmed(_)))
            .map(|(id, _)| Action::ReadTransaction(id.clone()))
            .collect()
    }

    /// Takes in what happened, and says what to do about it.
    pub fn step(&mut self, event: &Event) -> Vec<Action> {
        match event {
            Event::AddressGiven(answer) => self.on_address(answer.data()),
            // Whatever the callback said: a forged one, an old one and a true one lead to the same question.
            Event::CallbackHint(hint) => {
                vec![Action::ReadTransaction(hint.transaction_id().clone())]
            }
            Event::TransactionRead {
                asked,
                reading: Reading::Found(answer),
                order,
            } => self.on_transaction(asked, answer, *order),
            // That the gateway has no such transaction does not undo what it said before, but must not go unheard.
            Event::TransactionRead {
                asked,
                reading: Reading::NotFound,
                ..
            } => match self.transactions.get(asked) {
                Some(Standing::Confirmed(_) | Standing::Credited(_)) => {
                    vec![self.on_reversal(asked)]
                }
                Some(Standing::Pending | Standing::Failed) | None => Vec::new(),
            },
            // Nothing was learnt.
            Event::TransactionRead {
                reading: Reading::Failed,
                ..
            } => Vec::new(),
            Event::Credited(deposit) => match self.on_credit(deposit) {
                Ok(()) => Vec::new(),
                Err(contradiction) => vec![Action::Report(contradiction)],
            },
        }
    }

    /// Takes in that the customer was credited, unless it was with something else than is known.
    pub(super) fn on_credit(&mut self, deposit: &SettledDeposit) -> Result<(), Contradiction> {
        if *deposit.customer_id() != self.customer_id {
            return Err(Contradiction::Owner);
        }
        let (id, amount) = (deposit.transaction_id(), deposit.amount());
        match self.transactions.get(id) {
            Some(Standing::Confirmed(known) | Standing::Credited(known))
                if !is_same(known, amount) =>
            {
                return Err(Contradiction::Amount);
            }
            Some(_) | None => {}
        }
        let standing = Standing::Credited(amount.clone());
        self.transactions.insert(id.clone(), standing);
        Ok(())
    }

    /// A person reports it as a reversal, and may take the money back: if it is confirmed again, that must be heard, too.
    fn on_reversal(&mut self, id: &TransactionId) -> Action {
        // What was handed out may be credited, whether or not anybody has said so.
        self.taken_back.insert(id.clone(), false);
        Action::Report(Contradiction::Reversed)
    }

    fn on_address(&mut self, given: &DepositAddress) -> Vec<Action> {
        if *given.customer_id() != self.customer_id {
            return vec![Action::Report(Contradiction::Address)];
        }
        match self.address(given.currency()) {
            Some(known) if known == given.as_str() => Vec::new(),
            // Deposits still come to the one that the customer has written down.
            Some(_) => vec![Action::Report(Contradiction::Address)],
            None => {
                let code = given.currency().as_str().into();
                self.addresses.insert(code, given.as_str().into());
                Vec::new()
            }
        }
    }

    fn on_transaction(
        &mut self,
        asked: &TransactionId,
        answer: &Answered<TransactionData>,
        order: NamedOrder,
    ) -> Vec<Action> {
        let word = match SettledDeposit::judge(&self.customer_id, asked, answer, order) {
            Ok(word) => word,
            Err(contradiction) => return vec![Action::Report(contradiction)],
        };
        // What was handed out once may be credited, whether or not anybody has said so.
        let handed_out = match self.transactions.get(asked) {
            Some(Standing::Confirmed(amount)) => Some((amount, false)),
            Some(Standing::Credited(amount)) => Some((amount, true)),
            Some(Standing::Pending | Standing::Failed) | None => None,
        };
        if let Some((amount, is_credited)) = handed_out {
            let contradiction = match word {
                Word::Confirmed(settled) if is_same(settled.amount(), amount) => {
                    if let Some(is_restored) = self.taken_back.get_mut(asked) {
                        *is_restored = true;
                        return vec![Action::Report(Contradiction::Restored)];
                    }
                    let credit = (!is_credited).then_some(Action::Credit(settled));
                    return credit.into_iter().collect();
                }
                Word::Confirmed(_) => Contradiction::Amount,
                Word::Failed | Word::Pending => return vec![self.on_reversal(asked)],
                Word::NotOurs => Contradiction::Owner,
            };
            return vec![Action::Report(contradiction)];
        }
        match word {
            Word::Confirmed(settled) => {
                let standing = Standing::Confirmed(settled.amount().clone());
                self.transactions.insert(asked.clone(), standing);
                vec![Action::Credit(settled)]
            }
            Word::Failed => {
                self.transactions.insert(asked.clone(), Standing::Failed);
                Vec::new()
            }
            Word::Pending => {
                self.transactions.insert(asked.clone(), Standing::Pending);
                Vec::new()
            }
            // What it was taken for before was a mistake, and no money came of it.
            Word::NotOurs => {
                self.transactions.remove(asked);
                Vec::new()
            }
        }
    }
}

/// Decimals that were written make no difference.
fn is_same(one: &Amount, other: &Amount) -> bool {
    one.value() == other.value() && one.currency() == other.currency()
}

/// Without the customer, whose id may be an e-mail address.
impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine")
            .field("addresses", &self.addresses)
            .field("transactions", &self.transactions)
            .finish_non_exhaustive()
    }
}
