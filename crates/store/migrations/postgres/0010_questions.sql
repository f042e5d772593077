-- What a hold is for: somebody's pause, a rest that may be bank charges, a question that the buyer was asked. A pause
-- about charges was known by its sentence before; it began in one change with the task that asks about it.
ALTER TABLE hold ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'pause';
UPDATE hold SET kind = 'charges' WHERE receivable_id IS NOT NULL AND EXISTS (SELECT 1 FROM task t
  WHERE t.tenant_id = hold.tenant_id AND t.party_id = hold.party_id AND t.receivable_id = hold.receivable_id
  AND t.kind = 'match_money' AND t.case_id IS NULL AND t.seq = hold.seq);

-- The question that a hold waits for.
ALTER TABLE hold ADD COLUMN question_id TEXT COLLATE "C";

-- What one letter asks the buyer outside every playbook, as JSON: the payment or the bank's notice that it is about.
ALTER TABLE letter ADD COLUMN asks TEXT COLLATE "C";

-- A question put to a buyer by a person, with the letter that asked it.
CREATE TABLE question (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  -- Kind and subject: the same is not asked twice. NULL once the question was withdrawn before it reached anybody.
  once TEXT COLLATE "C",
  payment_id TEXT COLLATE "C",
  -- The receivable whose page and task it is on.
  receivable_id TEXT COLLATE "C" NOT NULL,
  letter_id TEXT COLLATE "C" NOT NULL,
  answer_by TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  -- What the buyer answered, as somebody noted it.
  words TEXT COLLATE "C" NOT NULL,
  settled_at BIGINT,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);
CREATE UNIQUE INDEX question_once ON question (tenant_id, once) WHERE once IS NOT NULL;
CREATE INDEX question_open ON question (tenant_id, state) WHERE state = 'open';

-- 0: a file told of the money and not of the day it came. `received_on` is the day we heard of it, so it came by then.
ALTER TABLE payment ADD COLUMN day_known BIGINT NOT NULL DEFAULT 1;
