-- Pages of open intents go on after a time and an order.
DROP INDEX xgateway_journal_open;
CREATE INDEX xgateway_journal_open ON xgateway_journal (begun_ms, gateway_order) WHERE state = 0;
