-- A service outside that the firm is connected with. Secrets and tokens lie sealed under the installation's key.
CREATE TABLE connection (
  tenant_id BIGINT NOT NULL,
  -- `aliexpress`, `track17`
  service TEXT NOT NULL,
  address TEXT NOT NULL,
  -- What the service calls our app; no secret.
  app_key TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,
  -- What the service gave us once somebody agreed there; NULL: nobody did yet, or none is needed.
  sealed_token TEXT,
  -- Counts the tokens: whoever began with an older one reads the newer before giving up.
  token_version BIGINT NOT NULL,
  -- What the shop calls itself there.
  account TEXT NOT NULL,
  may_message BIGINT NOT NULL,
  -- An agreement under way: hash of the text that has to come back, who asked, and until when.
  asked_mark TEXT,
  asked_by TEXT,
  asked_until BIGINT,
  -- Part of the address at which the service tells news.
  hook TEXT,
  -- Everything modified there before this is known here.
  reached_until BIGINT,
  synced_at BIGINT,
  -- Why it does not work, and since when; empty: it does.
  problem TEXT NOT NULL,
  problem_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, service)
) WITHOUT ROWID;

-- What a service says of an order, beside what the books say of it.
CREATE TABLE remote_order (
  tenant_id BIGINT NOT NULL,
  service TEXT NOT NULL,
  -- As digits; it has up to 64 bits.
  number TEXT NOT NULL,
  -- When the service said it last.
  read_at BIGINT NOT NULL,
  -- Its words: status and where the money is.
  words TEXT NOT NULL,
  -- Hash of all that is taken over, so that what did not change is not written again.
  fingerprint TEXT NOT NULL,
  page_url TEXT NOT NULL,
  -- Codes of what a person has to look at, with a comma between them; empty: nothing.
  problem TEXT NOT NULL,
  -- The words that the problem is about.
  about TEXT NOT NULL,
  PRIMARY KEY (tenant_id, service, number)
) WITHOUT ROWID;
CREATE INDEX remote_order_problem ON remote_order (tenant_id, service, problem);

-- A message on its way into a chat, sealed, so that it can be looked for when nobody knows whether it left.
CREATE TABLE chat_message (
  tenant_id BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, message_id)
) WITHOUT ROWID;

-- News of parcels as they came, sealed, each body once. `taken_at`: when they were put to their parcel.
CREATE TABLE tracking_notice (
  tenant_id BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  -- `webhook`, `asked`
  way TEXT NOT NULL,
  -- Number of the parcel; empty: it could not be read.
  number TEXT NOT NULL,
  sealed TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  taken_at BIGINT,
  PRIMARY KEY (tenant_id, sha256)
) WITHOUT ROWID;
CREATE INDEX tracking_notice_number ON tracking_notice (tenant_id, number, received_at);
