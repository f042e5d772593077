-- What is told of orders and parcels, and cases about them. `cases.receivable_id` holds the id of what the case is about,
-- whatever that is: `subject` says which table it is of.
ALTER TABLE cases ADD COLUMN subject TEXT NOT NULL DEFAULT 'receivable';

-- The order, the case and the step that one letter is about, as JSON; NULL for letters about money.
ALTER TABLE letter ADD COLUMN about TEXT;

-- How an order of which something was told stands. `word` is what its news come to, kept for lists.
CREATE TABLE order_standing (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  word TEXT NOT NULL,
  word_since BIGINT,
  ship_by BIGINT,
  protection_ends_on TEXT,
  -- When it was last read where it comes from.
  synced_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id)
) WITHOUT ROWID;
CREATE INDEX order_standing_word ON order_standing (tenant_id, word, ship_by);

-- One line for each thing that was told; the same told again is no new line.
CREATE TABLE order_news (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  word TEXT NOT NULL,
  -- Of an end: why. Empty otherwise.
  why TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, at, word, why)
) WITHOUT ROWID;

CREATE TABLE order_line (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line BIGINT NOT NULL,
  sku TEXT NOT NULL,
  title TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  price_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  url TEXT NOT NULL,
  -- NULL while nobody said.
  in_stock BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, line)
) WITHOUT ROWID;

CREATE TABLE shipment (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  id TEXT NOT NULL,
  carrier TEXT NOT NULL,
  number TEXT NOT NULL,
  shipped_at BIGINT,
  -- The newest report of the tracking service, as JSON.
  report TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX shipment_id ON shipment (tenant_id, id);
CREATE INDEX shipment_number ON shipment (tenant_id, number);

CREATE TABLE tracking_event (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  shipment_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- Hash of the event: the same told again is no new line.
  event_key TEXT NOT NULL,
  event TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, shipment_id, at, event_key)
);

-- What a buyer is asked, or asks for, before the order leaves.
CREATE TABLE order_ask (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  words TEXT NOT NULL,
  holds_dispatch BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  settled_at BIGINT,
  -- How it was settled: answered, overridden.
  outcome TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
) WITHOUT ROWID;

-- What keeps an order here by a person's word.
CREATE TABLE dispatch_hold (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  id TEXT NOT NULL,
  why TEXT NOT NULL,
  until_on TEXT,
  released_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
) WITHOUT ROWID;
