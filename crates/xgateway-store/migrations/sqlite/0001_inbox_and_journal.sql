-- The inbox: append-only by arrival, once by event. Times are milliseconds since 1970.
CREATE TABLE xgateway_inbox (
    id          INTEGER PRIMARY KEY,
    event       BLOB    NOT NULL, -- 16 bytes: see EventKey::packed
    kind        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    digest      BLOB    NOT NULL, -- 32 bytes
    payload     BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    contradicts INTEGER,
    state       INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 done, 2 dead
    due_ms      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    fence       INTEGER NOT NULL DEFAULT 0,
    reason      TEXT
) STRICT;

CREATE UNIQUE INDEX xgateway_inbox_event ON xgateway_inbox (event);
-- Only what is still to be done: it stays small however many years are kept.
CREATE INDEX xgateway_inbox_open ON xgateway_inbox (due_ms, id) WHERE state = 0;
CREATE INDEX xgateway_inbox_dead ON xgateway_inbox (id) WHERE state = 2;

-- Effects that have happened: one row for each, for ever.
CREATE TABLE xgateway_effect (
    id          INTEGER PRIMARY KEY,
    packed      BLOB    NOT NULL, -- 16 bytes: see EffectKey::packed
    key         TEXT    NOT NULL,
    entry       INTEGER NOT NULL,
    happened_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX xgateway_effect_packed ON xgateway_effect (packed);

-- The journal: one row for each attempt.
CREATE TABLE xgateway_journal (
    id            INTEGER PRIMARY KEY,
    gateway_order TEXT    NOT NULL,
    round         INTEGER NOT NULL,
    operation     TEXT    NOT NULL,
    fingerprint   TEXT    NOT NULL,
    begun_ms      INTEGER NOT NULL,
    state         INTEGER NOT NULL, -- 0 open, 1 charged, 2 declined, 3 not taken
    finished_ms   INTEGER,
    progress      TEXT
) STRICT;

CREATE UNIQUE INDEX xgateway_journal_order ON xgateway_journal (gateway_order);
CREATE INDEX xgateway_journal_open ON xgateway_journal (begun_ms, id) WHERE state = 0;
