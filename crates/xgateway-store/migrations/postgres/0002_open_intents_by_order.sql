-- Pages of open intents go on after a time and an order, which sorts by its bytes as everywhere.
DROP INDEX xgateway_journal_open;
ALTER TABLE xgateway_journal ALTER COLUMN gateway_order TYPE TEXT COLLATE "C";
CREATE INDEX xgateway_journal_open ON xgateway_journal (begun_ms, gateway_order) WHERE state = 0;
