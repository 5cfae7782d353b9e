-- Which environment's callbacks these are: another one's API knows nothing of them.
CREATE TABLE xgateway_inbox_of (one INTEGER PRIMARY KEY CHECK (one = 1), environment TEXT NOT NULL);
