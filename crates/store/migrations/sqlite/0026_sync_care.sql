-- More time for the receipt, asked of the marketplace once for each yes: written down before it is asked for, settled by the
-- answer, looked up where the answer got lost.
CREATE TABLE receipt_extension (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The letter that tells of it and waits for it; NULL: somebody asked without one.
  letter_id TEXT,
  days BIGINT NOT NULL,
  -- `queued`, `sending`, `done`, `failed`, `uncertain`, `withdrawn`
  state TEXT NOT NULL,
  -- Somebody gave it on the marketplace's own page and said so here.
  by_hand BIGINT NOT NULL,
  -- When the time ran out before more was asked for: by it is told whether it was given.
  until_before BIGINT,
  -- Last day of the buyer's protection once it was given.
  until_on TEXT,
  -- What the marketplace said, or why it waits; empty: nothing.
  why TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  sent_at BIGINT,
  lease_by TEXT,
  lease_until BIGINT,
  settled_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX receipt_extension_id ON receipt_extension (tenant_id, id);
CREATE UNIQUE INDEX receipt_extension_letter ON receipt_extension (tenant_id, letter_id);
-- Never twice: an order has one of which something may still come.
CREATE UNIQUE INDEX receipt_extension_open ON receipt_extension (tenant_id, order_id)
  WHERE state IN ('queued', 'sending', 'uncertain');
CREATE INDEX receipt_extension_state ON receipt_extension (tenant_id, state, not_before);

-- Until when one program renews the token; the others wait and take what it got.
ALTER TABLE connection ADD COLUMN renewing_until BIGINT;
-- When the tracking service was last asked about a parcel by us.
ALTER TABLE shipment ADD COLUMN asked_at BIGINT;
