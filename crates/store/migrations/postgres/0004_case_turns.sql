-- What people decided about a case as a whole: begun anew, put into other hands and taken back; and steps that they
-- entered because they were done before the program knew of the debt.
CREATE TABLE case_turn (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  -- What kind of hands; the step that was entered.
  what TEXT COLLATE "C",
  -- Of the lawyer, the agency.
  name TEXT COLLATE "C",
  -- The day on which an entered step was done.
  on_day TEXT COLLATE "C",
  words TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  -- An entry that was a mistake has ended.
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- Who found out why.
ALTER TABLE unpaid_why ADD COLUMN user_id TEXT COLLATE "C";
