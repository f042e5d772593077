-- Why a receivable is unpaid, as somebody found out; the newest that has not ended holds.
CREATE TABLE unpaid_why (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  receivable_id TEXT NOT NULL,
  why TEXT NOT NULL,
  words TEXT NOT NULL,
  ended_at BIGINT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

-- Days of an order that times of playbooks count from. One that was entered wrongly has ended.
CREATE TABLE key_date (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The order, or the receivable itself where it has none.
  subject_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  on_day TEXT NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

-- Days on which one buyer in particular is closed: their own holidays, a stocktaking.
CREATE TABLE closed_days (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  why TEXT NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

-- How an old debt comes in: from the first step on, or on the step of its age.
ALTER TABLE cases ADD COLUMN entry TEXT NOT NULL DEFAULT 'standard';
-- The day by which the step's letter asks for an answer.
ALTER TABLE step_taken ADD COLUMN answer_by TEXT;
