-- What is sold. The seller's own number names an article everywhere.
CREATE TABLE product (
  tenant_id BIGINT NOT NULL,
  sku TEXT NOT NULL,
  -- Titles by language, as JSON.
  titles TEXT NOT NULL,
  category TEXT NOT NULL,
  -- As categories are compared.
  category_key TEXT NOT NULL,
  -- Attributes by name, as JSON.
  attributes TEXT NOT NULL,
  price_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  -- Number and page of the article on its platform; empty when there is none.
  platform_id TEXT NOT NULL,
  url TEXT NOT NULL,
  active BIGINT NOT NULL,
  -- Active, and at least one in stock: what may be offered. Written whenever either changes.
  available BIGINT NOT NULL,
  -- Number and titles in lower case.
  search TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sku)
) WITHOUT ROWID;
-- Articles that could stand in for another are looked for outward from its price, in its category first.
CREATE INDEX product_near ON product (tenant_id, category_key, currency, price_minor, sku) WHERE available = 1;
-- Over an expression, so that it is no way to find a category: without statistics PostgreSQL would take it for one and go
-- through the whole catalogue.
CREATE INDEX product_price ON product (tenant_id, currency, (price_minor + 0), sku) WHERE available = 1;
CREATE INDEX product_platform ON product (tenant_id, platform_id) WHERE platform_id <> '';

-- How many there are, also of numbers that no catalogue named yet.
CREATE TABLE product_stock (
  tenant_id BIGINT NOT NULL,
  sku TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  -- What a file said last. The same file again does not undo what somebody counted since.
  told BIGINT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sku)
) WITHOUT ROWID;

-- Every change of a quantity, one per article and change.
CREATE TABLE stock_movement (
  tenant_id BIGINT NOT NULL,
  sku TEXT NOT NULL,
  seq BIGINT NOT NULL,
  -- NULL: nobody had said how many there were.
  quantity_before BIGINT,
  quantity BIGINT NOT NULL,
  -- file, by_hand
  kind TEXT NOT NULL,
  note TEXT NOT NULL,
  user_id TEXT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sku, seq)
) WITHOUT ROWID;

-- An article that somebody chose to stand in for another; in the order in which they were chosen.
CREATE TABLE product_pin (
  tenant_id BIGINT NOT NULL,
  sku TEXT NOT NULL,
  other_sku TEXT NOT NULL,
  seq BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  -- NULL while it holds.
  ended_at BIGINT,
  PRIMARY KEY (tenant_id, sku, other_sku, seq)
) WITHOUT ROWID;
