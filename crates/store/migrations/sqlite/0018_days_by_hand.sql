-- The two dates of a receivable that somebody here put aside (`2026-01-20/2026-02-19`, `-` for none), and the days of an
-- order that somebody here took back: the same said again by a file is no news.
ALTER TABLE receivable ADD COLUMN dates_aside TEXT;
ALTER TABLE key_date ADD COLUMN ended_by_hand BIGINT NOT NULL DEFAULT 0;
