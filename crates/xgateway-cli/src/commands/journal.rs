//! The journal of the card commands.

mod key;

use std::fs;
use std::io;

use serde::Serialize;
use xgateway::client::Client;
use xgateway::core::secret::scrub;
use xgateway::flows::card::JournalledCards;

use super::store::{self, Place, Store};
use super::view::printable;
use crate::arguments::AccountArguments;
use crate::failure::Failure;
use crate::settings::Settings;

/// An open journal.
pub(super) struct OpenJournal {
    store: Store,
}

/// What is where the journal should be.
pub(super) struct Existing {
    /// The file, or the word for PostgreSQL.
    place: String,
    /// None if nothing was ever written there.
    journal: Option<OpenJournal>,
}

/// The same for programs, beside what it holds.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named<'a> {
    journal: &'a str,
    journal_exists: bool,
}

impl Existing {
    /// Splits it into its name and itself.
    pub(super) fn split(&mut self) -> (Named<'_>, Option<OpenJournal>) {
        let journal = self.journal.take();
        let named = Named {
            journal: &self.place,
            journal_exists: journal.is_some(),
        };
        (named, journal)
    }
}

impl Named<'_> {
    /// That nothing is open there, for people, who can see whether it is the one that they mean.
    pub(super) fn holds_nothing_open(self) -> String {
        if self.journal_exists {
            format!("nothing is open in the journal {}", self.journal)
        } else {
            format!(
                "there is no journal yet at {}: nothing was sent by a command with these settings",
                self.journal
            )
        }
    }

    /// That it knows nothing of an order, which says something only if it is there.
    pub(super) fn knows_nothing_of(self, order: &str) -> Failure {
        // What no journal holds may be anything, a card number that was typed by mistake for one.
        let order_id = scrub(&printable(order)).into_owned();
        let journal = self.journal.to_owned();
        if self.journal_exists {
            Failure::UnknownOrder { order_id, journal }
        } else {
            Failure::NoJournal { order_id, journal }
        }
    }
}

impl OpenJournal {
    /// Opens the journal of the settings, and makes what is missing.
    pub(super) async fn open(settings: &Settings) -> Result<Self, Failure> {
        let store = if let Some(named) = &settings.journal {
            Store::open(Place::parse(named)?, settings).await?
        } else {
            let path = settings.usual_journal()?;
            key::make_folder_of(&path)?;
            Store::open(Place::File(&path), settings).await?
        };
        Ok(Self { store })
    }

    /// Opens the journal for somebody who looks. It need not be there if it is the usual one; that one which was named is
    /// missing is a failure, since its name may be mistyped.
    pub(super) async fn open_existing(settings: &Settings) -> Result<Existing, Failure> {
        let file = match &settings.journal {
            Some(named) => match Place::parse(named)? {
                Place::File(path) => path.to_owned(),
                Place::Postgres => {
                    return Ok(Existing {
                        place: Place::POSTGRES.to_owned(),
                        journal: Some(Self {
                            store: store::postgres(settings, true).await?,
                        }),
                    });
                }
            },
            None => settings.usual_journal()?,
        };
        // Somebody else's folder may be that from which this is told.
        let place = std::path::absolute(&file).unwrap_or_else(|_| file.clone());
        let place = place.display().to_string();
        // One that cannot be seen is not one that is not there, nor is a link that leads nowhere.
        let is_missing =
            fs::symlink_metadata(&file).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if is_missing && settings.journal.is_none() {
            return Ok(Existing {
                place,
                journal: None,
            });
        }
        let store = store::sqlite_file(&file).await?;
        Ok(Existing {
            place,
            journal: Some(Self { store }),
        })
    }

    /// Splits it into what follows card deposits, and what must be closed at the end.
    pub(super) async fn cards(
        self,
        settings: &Settings,
        client: Client,
        account: AccountArguments,
    ) -> Result<(JournalledCards, Store), Failure> {
        let journal = self.store.journal();
        let key = key::of(&journal, settings).await?;
        let cards = JournalledCards::new(client, journal, key);
        let cards = if account.same_account {
            cards.with_same_account()
        } else {
            cards
        };
        Ok((cards, self.store))
    }

    /// The store alone, for whoever only reads it.
    pub(super) fn store(self) -> Store {
        self.store
    }
}
