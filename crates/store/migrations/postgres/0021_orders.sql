-- What is told of orders and parcels, and cases about them. `cases.receivable_id` holds the id of what the case is about,
-- whatever that is: `subject` says which table it is of.
ALTER TABLE cases ADD COLUMN subject TEXT COLLATE "C" NOT NULL DEFAULT 'receivable';

-- The order, the case and the step that one letter is about, as JSON; NULL for letters about money.
ALTER TABLE letter ADD COLUMN about TEXT COLLATE "C";

-- How an order of which something was told stands. `word` is what its news come to, kept for lists.
CREATE TABLE order_standing (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  word_since BIGINT,
  ship_by BIGINT,
  protection_ends_on TEXT COLLATE "C",
  -- When it was last read where it comes from.
  synced_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id)
);
CREATE INDEX order_standing_word ON order_standing (tenant_id, word, ship_by);

-- One line for each thing that was told; the same told again is no new line.
CREATE TABLE order_news (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  -- Of an end: why. Empty otherwise.
  why TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, at, word, why)
);

CREATE TABLE order_line (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  line BIGINT NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  quantity BIGINT NOT NULL,
  price_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C" NOT NULL,
  -- NULL while nobody said.
  in_stock BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, line)
);

CREATE TABLE shipment (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  carrier TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  shipped_at BIGINT,
  -- The newest report of the tracking service, as JSON.
  report TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
);
CREATE UNIQUE INDEX shipment_id ON shipment (tenant_id, id);
CREATE INDEX shipment_number ON shipment (tenant_id, number);

CREATE TABLE tracking_event (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  shipment_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- Hash of the event: the same told again is no new line.
  event_key TEXT COLLATE "C" NOT NULL,
  event TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, shipment_id, at, event_key)
);

-- What a buyer is asked, or asks for, before the order leaves.
CREATE TABLE order_ask (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  holds_dispatch BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  settled_at BIGINT,
  -- How it was settled: answered, overridden.
  outcome TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
);

-- What keeps an order here by a person's word.
CREATE TABLE dispatch_hold (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  until_on TEXT COLLATE "C",
  released_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id, id)
);
