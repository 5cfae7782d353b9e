//! The statements that SQLite and PostgreSQL have in common.
//!
//! The fence of an open entry is odd while a worker holds it: a claim makes it odd, whatever ends the claim makes it
//! even. If the event is delivered again meanwhile, the attempts become none, which they are of no other entry that is
//! held. Then completing leaves the entry open; and whoever gives it back or up lets it go, so that others about the same
//! subject get their turn: it has no reason then. However it ends, it is due again a pause later, and at the latest when
//! the lease would have been over: whoever repeats a callback does not set how often it is looked into.
//!
//! Of the entries about one subject at most one is held, which a unique index sees to.

/// Whether no other entry about the subject of `entry` is held. Not `NOT EXISTS`: PostgreSQL would compare each entry with
/// all that are held, instead of looking each up in the index.
macro_rules! no_other_is_held {
    ($table:literal) => {
        concat!(
            "(
             SELECT held.id FROM ",
            $table,
            " AS held
             WHERE held.subject = entry.subject AND held.kind = entry.kind AND held.id <> entry.id
                 AND held.state = 0 AND held.fence % 2 = 1
         ) IS NULL"
        )
    };
}
pub(crate) use no_other_is_held;

/// [`REPEAT_PAUSE`](crate::REPEAT_PAUSE) in milliseconds.
macro_rules! repeat_pause {
    () => {
        "1000"
    };
}
pub(crate) use repeat_pause;

/// When an entry is due whose worker ends its claim otherwise than by completing it. Due time.
macro_rules! due_unless_again {
    () => {
        concat!(
            "CASE WHEN attempts > 0 THEN $1
                 WHEN due_ms < $1 + ",
            statements::repeat_pause!(),
            " THEN due_ms ELSE $1 + ",
            statements::repeat_pause!(),
            " END"
        )
    };
}
pub(crate) use due_unless_again;

/// What becomes of entries that their workers complete. Due time.
macro_rules! set_done {
    () => {
        concat!(
            "SET state = CASE WHEN attempts = 0 THEN 0 ELSE 1 END,
                 due_ms = CASE WHEN attempts = 0 THEN $1 + ",
            $crate::sql::statements::repeat_pause!(),
            " ELSE $1 END, reason = NULL, fence = fence + 1"
        )
    };
}
pub(crate) use set_done;

/// The statements that change one entry, given the table where what changes about entries is.
macro_rules! changes {
    ($table:literal) => {
        /// Due time, id, fence.
        const DONE: &str = concat!(
            "UPDATE ",
            $table,
            " ",
            statements::set_done!(),
            " WHERE id = $2 AND fence = $3 AND state = 0"
        );

        /// Id, fence. Changes nothing: nobody else gets it until the commit.
        const HOLD: &str = concat!(
            "UPDATE ",
            $table,
            " SET fence = fence WHERE id = $1 AND fence = $2 AND state = 0"
        );

        /// Due time, reason, id, fence.
        const RETRY: &str = concat!(
            "UPDATE ",
            $table,
            " SET due_ms = ",
            statements::due_unless_again!(),
            ", reason = CASE WHEN attempts = 0 THEN NULL ELSE $2 END, fence = fence + 1
            WHERE id = $3 AND fence = $4 AND state = 0 RETURNING reason"
        );

        /// Due time, reason, id, fence, attempts.
        const RETRY_WITH_ATTEMPTS: &str = concat!(
            "UPDATE ",
            $table,
            " SET due_ms = ",
            statements::due_unless_again!(),
            ", reason = CASE WHEN attempts = 0 THEN NULL ELSE $2 END, fence = fence + 1,
                attempts = CASE WHEN attempts = 0 THEN 0 ELSE $5 END
            WHERE id = $3 AND fence = $4 AND state = 0 RETURNING reason"
        );

        /// Due time, reason, id, fence.
        const DEAD: &str = concat!(
            "UPDATE ",
            $table,
            " SET state = CASE WHEN attempts = 0 THEN 0 ELSE 2 END,
                due_ms = ",
            statements::due_unless_again!(),
            ", reason = CASE WHEN attempts = 0 THEN NULL ELSE $2 END, fence = fence + 1
            WHERE id = $3 AND fence = $4 AND state = 0 RETURNING reason"
        );

        /// Due time, id. Not what a worker holds.
        const REPLAY: &str = concat!(
            "UPDATE ",
            $table,
            " SET state = 0, due_ms = $1, attempts = 0, fence = fence + 2 - fence % 2, reason = NULL
            WHERE id = $2 AND NOT (state = 0 AND fence % 2 = 1 AND due_ms > $1)"
        );

        /// Due time, id of the one before, limit.
        const REPLAY_DEAD: &str = concat!(
            "UPDATE ",
            $table,
            " SET state = 0, due_ms = $1, attempts = 0, fence = fence + 2 - fence % 2, reason = NULL
            WHERE state = 2 AND id IN (SELECT id FROM ",
            $table,
            " WHERE state = 2 AND id > $2 ORDER BY id LIMIT $3) RETURNING id"
        );

        /// Time, reason, id.
        const DISCARD: &str = concat!(
            "UPDATE ",
            $table,
            " SET state = 1, due_ms = $1, reason = $2 WHERE id = $3 AND state = 2"
        );

        /// Id of the one before, limit.
        const LAST_OF_PART: &str = concat!(
            "SELECT max(id) FROM (SELECT id FROM ",
            $table,
            " WHERE id > $1 ORDER BY id LIMIT $2) AS part"
        );

        const COUNTS: &str = concat!("SELECT state, count(*) AS count FROM ", $table, " GROUP BY state");
    };
}
pub(crate) use changes;

/// What becomes of entries whose events were delivered again, at the time that `$at` says: what
/// [`due_again`](crate::due_again) does.
macro_rules! set_again {
    ($at:literal) => {
        concat!(
            "SET state = 0, attempts = 0, reason = NULL,
             due_ms = CASE
                 WHEN state = 0 AND (fence % 2 = 1 OR due_ms <= ",
            $at,
            " + ",
            $crate::sql::statements::repeat_pause!(),
            ") THEN due_ms
                 WHEN state > 0 AND due_ms + ",
            $crate::sql::statements::repeat_pause!(),
            " <= ",
            $at,
            " THEN ",
            $at,
            " WHEN state > 0 AND due_ms < ",
            $at,
            " THEN due_ms + ",
            $crate::sql::statements::repeat_pause!(),
            " ELSE ",
            $at,
            " + ",
            $crate::sql::statements::repeat_pause!(),
            " END,
             fence = CASE WHEN state = 0 AND fence % 2 = 1 THEN fence ELSE fence + 2 - fence % 2 END"
        )
    };
}
pub(crate) use set_again;

/// What an entry is read from, and its fence. By name: a statement that was prepared before a column was added goes on.
macro_rules! entry_columns {
    () => {
        "id, kind, subject, status, digest, payload, received_ms, contradicts, state, due_ms, attempts, reason, fence"
    };
}
pub(crate) use entry_columns;

/// Id.
pub(crate) const SHOW: &str = concat!(
    "SELECT ",
    entry_columns!(),
    " FROM xgateway_inbox WHERE id = $1"
);

/// Packed key, key, entry, time.
pub(crate) const RECORD_EFFECT: &str =
    "INSERT INTO xgateway_effect (packed, key, entry, happened_ms)
    VALUES ($1, $2, $3, $4) ON CONFLICT (packed) DO NOTHING";

/// Environment. Changes nothing if the inbox has an owner.
pub(crate) const BELONG: &str =
    "INSERT INTO xgateway_inbox_of (one, environment) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";

/// Whose inbox it is.
pub(crate) const OWNER: &str = "SELECT environment FROM xgateway_inbox_of";

/// Packed key.
pub(crate) const FIND_EFFECT: &str = "SELECT 1 FROM xgateway_effect WHERE packed = $1";

/// Order, round, operation, fingerprint, environment, account, time, progress. Changes nothing if somebody else was
/// faster.
pub(crate) const BEGIN: &str = "INSERT INTO xgateway_journal
        (gateway_order, round, operation, fingerprint, environment, account, begun_ms, progress, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
    ON CONFLICT (gateway_order) DO UPDATE SET
        round = excluded.round, operation = excluded.operation, fingerprint = excluded.fingerprint,
        environment = excluded.environment, account = excluded.account,
        begun_ms = excluded.begun_ms, progress = excluded.progress, state = 0, finished_ms = NULL
    WHERE xgateway_journal.state = 3 AND xgateway_journal.round + 1 = excluded.round";

/// Progress, order, round, old progress or null. Changes nothing if somebody else was faster.
pub(crate) const NOTE: &str = "UPDATE xgateway_journal SET progress = $1
    WHERE gateway_order = $2 AND round = $3 AND state = 0 AND progress IS NOT DISTINCT FROM $4";

/// New state, time, progress or null, order, round, old state, old progress or null. Changes nothing if somebody else
/// was faster.
pub(crate) const FINISH: &str = "UPDATE xgateway_journal
    SET state = $1, finished_ms = $2, progress = coalesce($3, progress)
    WHERE gateway_order = $4 AND round = $5 AND state = $6 AND progress IS NOT DISTINCT FROM $7";

/// Progress, order, round, the state that it is to have ended in, old progress or null. Changes nothing if somebody else
/// was faster.
pub(crate) const REOPEN_INTENT: &str = "UPDATE xgateway_journal
    SET state = 0, finished_ms = NULL, progress = $1
    WHERE gateway_order = $2 AND round = $3 AND state = $4 AND progress IS NOT DISTINCT FROM $5";

/// What an intent is read from. By name, as of an entry.
macro_rules! intents {
    ($which:literal) => {
        concat!(
            "SELECT gateway_order, round, operation, fingerprint, environment, account, begun_ms, state, finished_ms, progress
             FROM xgateway_journal ",
            $which
        )
    };
}
#[cfg(feature = "postgres")]
pub(crate) use intents;

/// Order.
pub(crate) const INTENT: &str = intents!("WHERE gateway_order = $1");

/// Time; time and order of the one before; limit.
pub(crate) const OPEN_INTENTS: &str = intents!(
    "WHERE state = 0 AND begun_ms <= $1 AND (begun_ms, gateway_order) > ($2, $3)
     ORDER BY begun_ms, gateway_order LIMIT $4"
);

/// Time; limit.
pub(crate) const ENDED_INTENTS: &str = intents!(
    "WHERE state <> 0 AND finished_ms >= $1 ORDER BY finished_ms DESC, gateway_order DESC LIMIT $2"
);
