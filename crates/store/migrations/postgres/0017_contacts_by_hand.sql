-- When somebody stopped being a person to write to there, and which of a person's fields people here entered: a file
-- does not overwrite those.
ALTER TABLE contact ADD COLUMN retired_at BIGINT;
ALTER TABLE contact ADD COLUMN by_hand TEXT COLLATE "C" NOT NULL DEFAULT '';
