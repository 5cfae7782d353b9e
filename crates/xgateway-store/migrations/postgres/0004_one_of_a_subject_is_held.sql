-- Of the entries about one subject a worker holds one at a time: an odd fence of an open entry says that it is held.
-- Whoever holds one now may hold two: all lose what they hold, and it is due when its lease is over.
UPDATE xgateway_inbox SET fence = fence + 1 WHERE state = 0 AND fence % 2 = 1;
CREATE UNIQUE INDEX xgateway_inbox_held ON xgateway_inbox (subject, kind) WHERE state = 0 AND fence % 2 = 1;
