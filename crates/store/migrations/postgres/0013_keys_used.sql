-- When the change was made that a request with an idempotency key asked for, written with that change; NULL: none was.
ALTER TABLE idempotent_answer ADD COLUMN changed_at BIGINT;
