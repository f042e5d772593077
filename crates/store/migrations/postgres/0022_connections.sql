-- A service outside that the firm is connected with. Secrets and tokens lie sealed under the installation's key.
CREATE TABLE connection (
  tenant_id BIGINT NOT NULL,
  -- `aliexpress`, `track17`
  service TEXT COLLATE "C" NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  -- What the service calls our app; no secret.
  app_key TEXT COLLATE "C" NOT NULL,
  sealed_secret TEXT COLLATE "C" NOT NULL,
  -- What the service gave us once somebody agreed there; NULL: nobody did yet, or none is needed.
  sealed_token TEXT COLLATE "C",
  -- Counts the tokens: whoever began with an older one reads the newer before giving up.
  token_version BIGINT NOT NULL,
  -- What the shop calls itself there.
  account TEXT COLLATE "C" NOT NULL,
  may_message BIGINT NOT NULL,
  -- An agreement under way: hash of the text that has to come back, who asked, and until when.
  asked_mark TEXT COLLATE "C",
  asked_by TEXT COLLATE "C",
  asked_until BIGINT,
  -- Part of the address at which the service tells news.
  hook TEXT COLLATE "C",
  -- Everything modified there before this is known here.
  reached_until BIGINT,
  synced_at BIGINT,
  -- Why it does not work, and since when; empty: it does.
  problem TEXT COLLATE "C" NOT NULL,
  problem_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, service)
);

-- What a service says of an order, beside what the books say of it.
CREATE TABLE remote_order (
  tenant_id BIGINT NOT NULL,
  service TEXT COLLATE "C" NOT NULL,
  -- As digits; it has up to 64 bits.
  number TEXT COLLATE "C" NOT NULL,
  -- When the service said it last.
  read_at BIGINT NOT NULL,
  -- Its words: status and where the money is.
  words TEXT COLLATE "C" NOT NULL,
  -- Hash of all that is taken over, so that what did not change is not written again.
  fingerprint TEXT COLLATE "C" NOT NULL,
  page_url TEXT COLLATE "C" NOT NULL,
  -- Codes of what a person has to look at, with a comma between them; empty: nothing.
  problem TEXT COLLATE "C" NOT NULL,
  -- The words that the problem is about.
  about TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, service, number)
);
CREATE INDEX remote_order_problem ON remote_order (tenant_id, service, problem);

-- A message on its way into a chat, sealed, so that it can be looked for when nobody knows whether it left.
CREATE TABLE chat_message (
  tenant_id BIGINT NOT NULL,
  message_id TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, message_id)
);

-- News of parcels as they came, sealed, each body once. `taken_at`: when they were put to their parcel.
CREATE TABLE tracking_notice (
  tenant_id BIGINT NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  -- `webhook`, `asked`
  way TEXT COLLATE "C" NOT NULL,
  -- Number of the parcel; empty: it could not be read.
  number TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  received_at BIGINT NOT NULL,
  taken_at BIGINT,
  PRIMARY KEY (tenant_id, sha256)
);
CREATE INDEX tracking_notice_number ON tracking_notice (tenant_id, number, received_at);
