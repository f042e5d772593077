-- A plan of instalments that was agreed in place of one receivable.
CREATE TABLE instalment_plan (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- What was owed before: its open amount moved into the instalments.
  receivable_id TEXT COLLATE "C" NOT NULL,
  -- An instalment unpaid so many days after its day breaks the plan.
  late_days BIGINT NOT NULL,
  -- 1: what is left is due at once when the plan breaks, as agreed.
  all_due BIGINT NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  settled_at BIGINT,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

CREATE TABLE instalment (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  plan_id TEXT COLLATE "C" NOT NULL,
  nth BIGINT NOT NULL,
  receivable_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, party_id, plan_id, nth)
);
