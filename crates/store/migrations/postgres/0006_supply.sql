-- What a person decided about supplying a debtor: nevertheless, although the rule would stop it; or not, although it would not.
-- The newest that has not ended holds.
CREATE TABLE supply_decision (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- allow, stop
  kind TEXT COLLATE "C" NOT NULL,
  -- Its last day; NULL: until it is taken back.
  until_on TEXT COLLATE "C",
  why TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- How much a debtor may owe at once; both or neither.
ALTER TABLE party ADD COLUMN credit_limit_minor BIGINT;
ALTER TABLE party ADD COLUMN credit_limit_currency TEXT COLLATE "C";
