-- Why a receivable is unpaid, as somebody found out; the newest that has not ended holds.
CREATE TABLE unpaid_why (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- Days of an order that times of playbooks count from. One that was entered wrongly has ended.
CREATE TABLE key_date (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- The order, or the receivable itself where it has none.
  subject_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  on_day TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- Days on which one buyer in particular is closed: their own holidays, a stocktaking.
CREATE TABLE closed_days (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  from_day TEXT COLLATE "C" NOT NULL,
  to_day TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- How an old debt comes in: from the first step on, or on the step of its age.
ALTER TABLE cases ADD COLUMN entry TEXT COLLATE "C" NOT NULL DEFAULT 'standard';
-- The day by which the step's letter asks for an answer.
ALTER TABLE step_taken ADD COLUMN answer_by TEXT COLLATE "C";
