-- What an answer of the buyer means, and the receivable it is about; NULL: a talk of which nobody said so.
ALTER TABLE talk ADD COLUMN intent TEXT;
ALTER TABLE talk ADD COLUMN receivable_id TEXT;

-- The talk that a task asks to answer, and until when.
ALTER TABLE task ADD COLUMN talk_id TEXT;
ALTER TABLE task ADD COLUMN due_at BIGINT;

-- How much a buyer is worth to the firm; empty: nobody said.
ALTER TABLE party ADD COLUMN grade TEXT NOT NULL DEFAULT '';
-- The last day of a block that ends by itself.
ALTER TABLE party ADD COLUMN blocked_until TEXT;

-- Addresses, numbers and domains that may not be used, whoever has them. The address and the evidence are sealed; `mark` finds it
-- again without telling it, and stays when a person is erased, so that no import brings them back.
CREATE TABLE suppression (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  kind TEXT NOT NULL,
  mark TEXT NOT NULL,
  sealed TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- Who put it there; NULL: a machine.
  user_id TEXT,
  -- The last day, and the moment after it; NULL: for good.
  until_on TEXT,
  until_at BIGINT,
  ended_at BIGINT,
  ended_because TEXT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX suppression_number ON suppression (tenant_id, number);
CREATE INDEX suppression_mark ON suppression (tenant_id, mark);

-- Which channels of a contact the list names, and by which entry: `email=ID,phone=ID`.
ALTER TABLE contact ADD COLUMN suppressed TEXT NOT NULL DEFAULT '';
