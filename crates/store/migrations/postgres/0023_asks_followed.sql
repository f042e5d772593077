-- When the tracking service was asked to follow a parcel, and why it does not; empty: it does.
ALTER TABLE shipment ADD COLUMN follow_at BIGINT;
ALTER TABLE shipment ADD COLUMN follow_problem TEXT COLLATE "C" NOT NULL DEFAULT '';

-- What the buyer answered, sealed: it holds an address. NULL while nothing was put in.
ALTER TABLE order_ask ADD COLUMN sealed_answer TEXT COLLATE "C";
ALTER TABLE order_ask ADD COLUMN answered_at BIGINT;
ALTER TABLE order_ask ADD COLUMN key_person TEXT COLLATE "C";
-- The name of the rule that raised it; empty: a person did. One rule asks one thing of an order once.
ALTER TABLE order_ask ADD COLUMN rule TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Where an order goes and what customs are told, sealed: as the marketplace told it, then as the buyer confirmed it.
CREATE TABLE order_delivery (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  -- Whose key it is sealed under.
  key_person TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, order_id)
);
