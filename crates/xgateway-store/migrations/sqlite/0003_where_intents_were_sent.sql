-- Where each attempt was sent: the base URL, and a keyed hash of the account's API key. What is there already was sent
-- nobody knows where.
ALTER TABLE xgateway_journal ADD COLUMN environment TEXT;
ALTER TABLE xgateway_journal ADD COLUMN account TEXT;
