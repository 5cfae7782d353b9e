//! Whether the ledger is the gateway's.

use std::collections::HashMap;
use std::io::{self, Write as _};

use serde::Serialize;

use super::book::Row;
use super::gateway::Gateway;
use super::memory::{GROWTH_KIB_MAX, growth_kib};
use super::size::Size;
use super::stream::Stream;
use crate::Outcome;

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verdict {
    deposits: usize,
    deliveries_answered: u64,
    deliveries_unanswered: u64,
    forged: u64,
    kills: u32,
    restarts: u32,
    /// Callbacks that were given up: the forged ones of what never was confirmed.
    dead: u64,
    /// Deposits that the gateway's API calls confirmed.
    confirmed: usize,
    /// Rows of the ledger.
    credits: usize,
    /// Deposits that were confirmed and not credited.
    missing: usize,
    /// Deposits that were credited more than once.
    doubled: usize,
    /// Credits of another customer or amount, or of what is not confirmed.
    wrong: usize,
    seconds: u64,
    deliveries_per_second: u64,
    resident_kib: Vec<u64>,
    /// After the first quarter.
    resident_growth_kib: Option<u64>,
    /// First how many entries, effects and bytes of payload there are; then what they take.
    sizes: Vec<Size>,
}

impl Verdict {
    pub(super) fn of(
        stream: Stream,
        dead: u64,
        rows: &[Row],
        gateway: &Gateway,
        sizes: Vec<Size>,
    ) -> Outcome<Self> {
        let mut booked: HashMap<&str, Vec<&Row>> = HashMap::new();
        for row in rows {
            booked.entry(&row.0).or_default().push(row);
        }
        let (mut confirmed, mut missing, mut doubled, mut wrong) = (0, 0, 0, 0);
        for paid in &stream.paid {
            let booked = booked.remove(&*paid.transaction_id).unwrap_or_default();
            match gateway.credit(&paid.transaction_id)? {
                None => wrong += booked.len(),
                Some(credit) => {
                    confirmed += 1;
                    missing += usize::from(booked.is_empty());
                    doubled += usize::from(booked.len() > 1);
                    wrong += booked.iter().filter(|row| ***row != credit).count();
                }
            }
        }
        // What nobody has ever paid.
        wrong += booked.len();
        let millis = stream.time.as_millis().max(1);
        let rate = u128::from(stream.answered) * 1000 / millis;
        // Whoever is killed starts with little memory again.
        let is_one_life = stream.kills == 0;
        Ok(Self {
            deposits: stream.paid.len(),
            deliveries_answered: stream.answered,
            deliveries_unanswered: stream.unanswered,
            forged: stream.forged,
            kills: stream.kills,
            restarts: stream.restarts,
            dead,
            confirmed,
            credits: rows.len(),
            missing,
            doubled,
            wrong,
            seconds: stream.time.as_secs(),
            deliveries_per_second: u64::try_from(rate)?,
            resident_growth_kib: growth_kib(&stream.resident_kib).filter(|_| is_one_life),
            resident_kib: stream.resident_kib,
            sizes,
        })
    }

    pub(super) fn is_well(&self) -> bool {
        let is_exact = self.missing == 0
            && self.doubled == 0
            && self.wrong == 0
            && self.credits == self.confirmed
            && self.dead <= self.forged;
        is_exact && self.is_flat()
    }

    fn is_flat(&self) -> bool {
        self.resident_growth_kib
            .is_none_or(|growth| growth <= GROWTH_KIB_MAX)
    }

    pub(super) fn print(&self, json: bool) -> Outcome<()> {
        let mut out = io::stdout().lock();
        if json {
            writeln!(out, "{}", serde_json::to_string(self)?)?;
            return Ok(());
        }
        writeln!(
            out,
            "{} deposits, {} deliveries answered and {} not, {} forged; {} kills, {} restarts",
            self.deposits,
            self.deliveries_answered,
            self.deliveries_unanswered,
            self.forged,
            self.kills,
            self.restarts
        )?;
        writeln!(
            out,
            "ledger: {} confirmed, {} credited; {} missing, {} doubled, {} wrong; {} given up",
            self.confirmed, self.credits, self.missing, self.doubled, self.wrong, self.dead
        )?;
        writeln!(
            out,
            "{} deliveries a second over {} seconds",
            self.deliveries_per_second, self.seconds
        )?;
        if let (Some(least), Some(most)) = (
            self.resident_kib.iter().min(),
            self.resident_kib.iter().max(),
        ) {
            writeln!(out, "resident memory of a receiver: {least} to {most} KiB")?;
        }
        if let Some(growth) = self.resident_growth_kib {
            writeln!(
                out,
                "its growth after the first quarter: {growth} KiB, at most {GROWTH_KIB_MAX}"
            )?;
        }
        for size in &self.sizes {
            let Size {
                name,
                bytes,
                bytes_dense,
            } = size;
            writeln!(out, "  {name:<24} {bytes:>12} {bytes_dense:>12}")?;
        }
        writeln!(out, "{}", if self.is_well() { "ok" } else { "FAILED" })?;
        Ok(())
    }
}
