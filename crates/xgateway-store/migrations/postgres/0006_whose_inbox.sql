-- Which environment's callbacks these are: another one's API knows nothing of them.
CREATE TABLE xgateway_inbox_of (one INTEGER PRIMARY KEY CHECK (one = 1), environment TEXT NOT NULL);
-- Each claim and each end leaves dead entries in the index that claims walk, however large the table has grown.
ALTER TABLE xgateway_work SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
