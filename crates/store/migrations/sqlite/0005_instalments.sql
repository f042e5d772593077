-- A plan of instalments that was agreed in place of one receivable.
CREATE TABLE instalment_plan (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- What was owed before: its open amount moved into the instalments.
  receivable_id TEXT NOT NULL,
  -- An instalment unpaid so many days after its day breaks the plan.
  late_days BIGINT NOT NULL,
  -- 1: what is left is due at once when the plan breaks, as agreed.
  all_due BIGINT NOT NULL,
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  settled_at BIGINT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

CREATE TABLE instalment (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  nth BIGINT NOT NULL,
  receivable_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, plan_id, nth)
) WITHOUT ROWID;
