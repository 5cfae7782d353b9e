-- What changes about an entry has a narrow row of its own: to be taken and ended, an entry need not be written anew with
-- its body, nor be put into the indexes of the body.
ALTER TABLE xgateway_inbox RENAME TO xgateway_body;
ALTER INDEX xgateway_inbox_pkey RENAME TO xgateway_body_pkey;
ALTER INDEX xgateway_inbox_event RENAME TO xgateway_body_event;

CREATE TABLE xgateway_work (
    id       BIGINT NOT NULL,
    kind     TEXT   NOT NULL, -- as in the body
    subject  TEXT   NOT NULL, -- as in the body
    state    BIGINT NOT NULL DEFAULT 0, -- 0 open, 1 done, 2 dead
    due_ms   BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    fence    BIGINT NOT NULL DEFAULT 0,
    reason   TEXT
);

INSERT INTO xgateway_work (id, kind, subject, state, due_ms, attempts, fence, reason)
    SELECT id, kind, subject, state, due_ms, attempts, fence, reason FROM xgateway_body ORDER BY id;
ALTER TABLE xgateway_work ADD CONSTRAINT xgateway_work_pkey PRIMARY KEY (id);
-- "Below 1", since the planner takes an equality of which it has no statistics for a rarity, and then sorts all that is
-- due instead of reading the first of it.
CREATE INDEX xgateway_work_open ON xgateway_work (due_ms, id) WHERE state < 1;
CREATE INDEX xgateway_work_dead ON xgateway_work (id) WHERE state = 2;
CREATE UNIQUE INDEX xgateway_work_held ON xgateway_work (subject, kind) WHERE state = 0 AND fence % 2 = 1;

-- The indexes of these go with them.
ALTER TABLE xgateway_body
    DROP COLUMN state, DROP COLUMN due_ms, DROP COLUMN attempts, DROP COLUMN fence, DROP COLUMN reason;

CREATE VIEW xgateway_inbox AS
    SELECT body.*, work.state, work.due_ms, work.attempts, work.fence, work.reason
    FROM xgateway_body AS body JOIN xgateway_work AS work ON work.id = body.id;

-- So that what is old can be deleted.
CREATE FUNCTION xgateway_inbox_delete() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM xgateway_work WHERE id = OLD.id;
    DELETE FROM xgateway_body WHERE id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER xgateway_inbox_delete INSTEAD OF DELETE ON xgateway_inbox
    FOR EACH ROW EXECUTE FUNCTION xgateway_inbox_delete();

-- Nobody asked for the number of an effect, and it took an index.
ALTER TABLE xgateway_effect DROP COLUMN id, ADD CONSTRAINT xgateway_effect_pkey PRIMARY KEY USING INDEX xgateway_effect_packed;
