-- The first schema. Instants are microseconds UTC, civil dates and decimals text, money minor units + currency.
-- Every table is keyed by tenant first; tables read per debtor are clustered by (tenant, party).

CREATE TABLE tenant (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  settings TEXT COLLATE "C" NOT NULL,
  sequence BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL DEFAULT 0,
  last_run_at BIGINT,
  -- When this database was made from a backup; what left after the backup is not in it.
  restored_at BIGINT,
  is_demo BIGINT NOT NULL DEFAULT 0,
  -- Number and hash of the last line of the audit log.
  log_number BIGINT NOT NULL DEFAULT 0,
  log_hash TEXT COLLATE "C" NOT NULL DEFAULT '',
  recorded_at BIGINT NOT NULL
);

CREATE TABLE number_series (
  tenant_id BIGINT NOT NULL,
  noun TEXT COLLATE "C" NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, noun)
);

CREATE TABLE blob (
  tenant_id BIGINT NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  bytes BYTEA NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sha256)
);

-- Earlier rows, as partial images: overlaid from the newest back, they give the row as it was at any instant.
CREATE TABLE history (
  tenant_id BIGINT NOT NULL,
  -- Whose facts the row belongs to. Empty for settings and payments.
  party_id TEXT COLLATE "C",
  noun TEXT COLLATE "C" NOT NULL,
  row_id TEXT COLLATE "C" NOT NULL,
  superseded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  image TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, noun, row_id, superseded_at, seq)
);
CREATE INDEX history_party ON history (tenant_id, party_id, superseded_at) WHERE party_id IS NOT NULL;

CREATE TABLE source_state (
  tenant_id BIGINT NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  synced_at BIGINT NOT NULL,
  covered_to TEXT COLLATE "C",
  PRIMARY KEY (tenant_id, source)
);

CREATE TABLE import_run (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  report TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE external_identity (
  tenant_id BIGINT NOT NULL,
  noun TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  external_id TEXT COLLATE "C" NOT NULL,
  row_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, noun, source, external_id)
);

CREATE TABLE party (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  country TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C",
  is_consumer BIGINT NOT NULL,
  blacklisted BIGINT NOT NULL,
  playbook_override TEXT COLLATE "C",
  merged_into TEXT COLLATE "C",
  -- Whose buyer it is; NULL: nobody's yet, so only those who see everything see it.
  salesperson_id TEXT COLLATE "C",
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX party_number ON party (tenant_id, number);
CREATE INDEX party_salesperson ON party (tenant_id, salesperson_id);
CREATE INDEX party_name ON party (tenant_id, name_key);

-- Two parties that are one, as a link that can be undone: `moved` holds the ids of the rows that changed sides.
CREATE TABLE party_merge (
  tenant_id BIGINT NOT NULL,
  gone TEXT COLLATE "C" NOT NULL,
  merged_at BIGINT NOT NULL,
  stays TEXT COLLATE "C" NOT NULL,
  moved TEXT COLLATE "C" NOT NULL,
  undone_at BIGINT,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, gone, seq)
);

CREATE TABLE contact (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C",
  time_zone TEXT COLLATE "C",
  objected BIGINT NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  ways TEXT COLLATE "C" NOT NULL,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- One key per person; erasing a person destroys the row, and with it everything sealed under the key.
CREATE TABLE person_key (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  contact_id TEXT COLLATE "C" NOT NULL,
  secret TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, party_id, contact_id)
);

CREATE TABLE sales_order (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  total_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  ordered_on TEXT COLLATE "C" NOT NULL,
  ordered_at BIGINT,
  terms_text TEXT COLLATE "C" NOT NULL,
  goods TEXT COLLATE "C" NOT NULL,
  remote_state TEXT COLLATE "C" NOT NULL,
  cancelled BIGINT NOT NULL,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sales_order_number ON sales_order (tenant_id, source, number);
CREATE INDEX sales_order_party ON sales_order (tenant_id, party_id);

CREATE TABLE trigger_event (
  tenant_id BIGINT NOT NULL,
  order_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, order_id, kind, seq)
);

CREATE TABLE invoice (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C",
  number TEXT COLLATE "C" NOT NULL,
  issued_on TEXT COLLATE "C" NOT NULL,
  total_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  voided_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invoice_number ON invoice (tenant_id, number);

CREATE TABLE receivable (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  order_id TEXT COLLATE "C",
  invoice_id TEXT COLLATE "C",
  number BIGINT NOT NULL,
  reference TEXT COLLATE "C" NOT NULL,
  order_number TEXT COLLATE "C",
  milestone TEXT COLLATE "C" NOT NULL,
  trigger_kind TEXT COLLATE "C" NOT NULL,
  days BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
  currency TEXT COLLATE "C" NOT NULL,
  triggered_on TEXT COLLATE "C",
  due_on TEXT COLLATE "C",
  placed_at BIGINT,
  obligor TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  closed BIGINT NOT NULL,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);
CREATE UNIQUE INDEX receivable_id ON receivable (tenant_id, id);
CREATE UNIQUE INDEX receivable_number ON receivable (tenant_id, number);
CREATE INDEX receivable_order ON receivable (tenant_id, order_id);

-- Append-only; `amount_minor` lowers what is outstanding, a reversal carries the negative of its original. An allocation
-- also names the payment, how much of it, and the rate between the two amounts: 1 in one currency.
CREATE TABLE ledger_entry (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  payment_id TEXT COLLATE "C",
  payment_minor BIGINT,
  payment_currency TEXT COLLATE "C",
  rate TEXT COLLATE "C",
  reverses TEXT COLLATE "C",
  note TEXT COLLATE "C" NOT NULL,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, receivable_id, id),
  CHECK ((payment_id IS NULL) = (payment_minor IS NULL) AND (payment_id IS NULL) = (payment_currency IS NULL)
    AND (payment_id IS NULL) = (rate IS NULL)),
  CHECK (payment_currency IS NULL OR payment_currency <> currency OR (payment_minor = amount_minor AND rate = '1'))
);
CREATE INDEX ledger_entry_payment ON ledger_entry (tenant_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_reverses ON ledger_entry (tenant_id, reverses) WHERE reverses IS NOT NULL;

CREATE TABLE bank_statement (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C",
  opening_on TEXT COLLATE "C",
  opening TEXT COLLATE "C",
  closing_on TEXT COLLATE "C",
  closing TEXT COLLATE "C",
  sha256 TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE bank_entry (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  statement_id TEXT COLLATE "C" NOT NULL,
  fingerprint TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  booked_on TEXT COLLATE "C" NOT NULL,
  value_on TEXT COLLATE "C",
  amount_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  reference TEXT COLLATE "C",
  bank_reference TEXT COLLATE "C",
  end_to_end_id TEXT COLLATE "C",
  counterparty_name TEXT COLLATE "C",
  counterparty_account TEXT COLLATE "C",
  purpose TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX bank_entry_fingerprint ON bank_entry (tenant_id, fingerprint);

CREATE TABLE payment (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  bank_entry_id TEXT COLLATE "C",
  source TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C",
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  currency TEXT COLLATE "C" NOT NULL,
  received_on TEXT COLLATE "C" NOT NULL,
  payer_name TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  doubt TEXT COLLATE "C",
  -- 0 while money of it is waiting for its place.
  placed BIGINT NOT NULL,
  -- Set aside by a person as not a customer's payment, or replaced by the bank's own entry.
  set_aside_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX payment_number ON payment (tenant_id, number);
CREATE INDEX payment_unplaced ON payment (tenant_id, id) WHERE placed = 0;

CREATE TABLE payment_candidate (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  payment_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, party_id, payment_id)
);

CREATE TABLE hold (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C",
  why TEXT COLLATE "C" NOT NULL,
  until_on TEXT COLLATE "C" NOT NULL,
  released_at BIGINT,
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

CREATE TABLE promise (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C",
  promised_on TEXT COLLATE "C" NOT NULL,
  pay_on TEXT COLLATE "C" NOT NULL,
  amount_minor BIGINT,
  currency TEXT COLLATE "C",
  state TEXT COLLATE "C" NOT NULL,
  settled_at BIGINT,
  words TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

CREATE TABLE dispute (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C" NOT NULL,
  amount_minor BIGINT,
  currency TEXT COLLATE "C",
  why TEXT COLLATE "C" NOT NULL,
  resolved_at BIGINT,
  resolution TEXT COLLATE "C",
  effective_on TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

CREATE TABLE playbook_text (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, version)
);

CREATE TABLE cases (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  receivable_id TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  playbook TEXT COLLATE "C",
  playbook_version TEXT COLLATE "C",
  started_at BIGINT NOT NULL,
  next_wake BIGINT,
  step TEXT COLLATE "C",
  letter_id TEXT COLLATE "C",
  task_id TEXT COLLATE "C",
  -- Fingerprint of the last reasons for silence, so that the same silence is written once.
  silence_key TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);
CREATE UNIQUE INDEX cases_receivable ON cases (tenant_id, receivable_id);
CREATE INDEX cases_awake ON cases (tenant_id, party_id, next_wake) WHERE next_wake IS NOT NULL;

-- A step happens once per case and round (invariant 2): the primary key is the guarantee.
CREATE TABLE step_taken (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  round BIGINT NOT NULL,
  level BIGINT NOT NULL,
  letter_id TEXT COLLATE "C",
  task_id TEXT COLLATE "C",
  outstanding_minor BIGINT NOT NULL,
  reasons TEXT COLLATE "C" NOT NULL,
  taken_at BIGINT NOT NULL,
  done_at BIGINT,
  voided_at BIGINT,
  void_why TEXT COLLATE "C",
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, case_id, step, round)
);

CREATE TABLE silence (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  -- The first reason that stops.
  why TEXT COLLATE "C" NOT NULL,
  reasons TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, party_id, case_id, seq)
);

CREATE TABLE letter (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  contact_id TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  level BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  items TEXT COLLATE "C" NOT NULL,
  review TEXT COLLATE "C" NOT NULL,
  attach_statement BIGINT NOT NULL,
  answer_by TEXT COLLATE "C" NOT NULL,
  reasons TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  not_before BIGINT NOT NULL,
  message_id TEXT COLLATE "C" NOT NULL,
  lease_until BIGINT,
  lease_by TEXT COLLATE "C",
  attempts BIGINT NOT NULL DEFAULT 0,
  settled_at BIGINT,
  outcome TEXT COLLATE "C",
  transport TEXT COLLATE "C",
  sealed_envelope TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX letter_number ON letter (tenant_id, number);
CREATE INDEX letter_party ON letter (tenant_id, party_id, recorded_at);
CREATE INDEX letter_waiting ON letter (tenant_id, state, not_before) WHERE settled_at IS NULL;

CREATE TABLE letter_attachment (
  tenant_id BIGINT NOT NULL,
  letter_id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, letter_id, name)
);

CREATE TABLE task (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C",
  case_id TEXT COLLATE "C",
  receivable_id TEXT COLLATE "C",
  letter_id TEXT COLLATE "C",
  payment_id TEXT COLLATE "C",
  step TEXT COLLATE "C",
  level BIGINT NOT NULL,
  round BIGINT NOT NULL,
  contact_id TEXT COLLATE "C",
  language TEXT COLLATE "C" NOT NULL,
  script TEXT COLLATE "C",
  pressed_minor BIGINT,
  currency TEXT COLLATE "C",
  reasons TEXT COLLATE "C" NOT NULL,
  not_before BIGINT NOT NULL,
  settled_at BIGINT,
  outcome TEXT COLLATE "C",
  note TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX task_number ON task (tenant_id, number);
CREATE INDEX task_party ON task (tenant_id, party_id, recorded_at);
CREATE INDEX task_open ON task (tenant_id, not_before) WHERE settled_at IS NULL;

CREATE TABLE incident (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  invariant BIGINT NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  details TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The house: who works here, what they may see, and what they did.

-- One row: tells at opening whether the key given is the one this database was made with.
CREATE TABLE installation (
  id BIGINT NOT NULL PRIMARY KEY,
  key_check TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL
);

CREATE TABLE user_account (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  email_key TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  -- invited, active, left
  state TEXT COLLATE "C" NOT NULL,
  -- Argon2id in PHC form; NULL until the invitation is taken up.
  password_hash TEXT COLLATE "C",
  -- Sealed under the installation's key; NULL without a second factor.
  totp_sealed TEXT COLLATE "C",
  -- The last time step that was used: a code works once.
  totp_step BIGINT,
  -- When the password in use was first set or set anew by an invitation: whoever was let in anew is no second person
  -- for what was begun before.
  entered_at BIGINT,
  ui_language TEXT COLLATE "C",
  signature TEXT COLLATE "C" NOT NULL,
  reply_to TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX user_account_email ON user_account (tenant_id, email_key);

CREATE TABLE invitation (
  tenant_id BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL,
  invited_by TEXT COLLATE "C",
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, secret_hash)
);

CREATE TABLE user_session (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL,
  -- The secret before the last rotation is good for requests that were under way.
  former_hash TEXT COLLATE "C",
  rotated_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  address TEXT COLLATE "C" NOT NULL,
  browser TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX user_session_user ON user_session (tenant_id, user_id);

-- A browser in which somebody has signed in before: failures elsewhere do not lock it out.
CREATE TABLE known_browser (
  tenant_id BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, secret_hash)
);

-- Failed sign-ins, by a hash of what they have in common (address and name, or browser); of no firm, because the
-- firm is not known before somebody has signed in.
CREATE TABLE sign_in_failure (
  about TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE stand_in (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  absent_id TEXT COLLATE "C" NOT NULL,
  deputy_id TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  until_on TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE api_token (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL,
  scopes TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The answer to a request that changes something, kept so that the same request again changes nothing.
CREATE TABLE idempotent_answer (
  tenant_id BIGINT NOT NULL,
  token_id TEXT COLLATE "C" NOT NULL,
  idempotency_key TEXT COLLATE "C" NOT NULL,
  request_hash TEXT COLLATE "C" NOT NULL,
  -- NULL while the first request is still being worked on.
  status BIGINT,
  body TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, token_id, idempotency_key)
);

-- Who did what to what. Each line carries the hash of the one before it; nothing is changed or taken out.
CREATE TABLE audit_log (
  tenant_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  -- system, command_line, page, api
  via TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  verb TEXT COLLATE "C" NOT NULL,
  noun TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C",
  -- What may be read for ever: states, amounts, days.
  facts TEXT COLLATE "C" NOT NULL,
  -- What names or describes people: sealed under the key of the party it is about, or of the user.
  sealed TEXT COLLATE "C",
  previous_hash TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, number)
);
CREATE INDEX audit_log_subject ON audit_log (tenant_id, noun, subject);
CREATE INDEX audit_log_party ON audit_log (tenant_id, party_id) WHERE party_id IS NOT NULL;

-- A person's yes to exactly one content of a letter. A letter that needs two persons has two rows.
CREATE TABLE approval (
  tenant_id BIGINT NOT NULL,
  letter_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  name TEXT COLLATE "C" NOT NULL,
  content_hash TEXT COLLATE "C" NOT NULL,
  approved_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- Taken back, or lapsed because the content changed or the time ran out.
  ended_at BIGINT,
  ended_why TEXT COLLATE "C",
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, letter_id, id)
);
CREATE UNIQUE INDEX approval_once ON approval (tenant_id, letter_id, user_id)
  WHERE ended_at IS NULL AND user_id IS NOT NULL;

-- What would have been sent while the firm was trying things out; it went to the firm itself and advanced nothing.
CREATE TABLE rehearsal (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  contact_id TEXT COLLATE "C" NOT NULL,
  -- Case and step, so that the same letter is rehearsed once.
  about TEXT COLLATE "C" NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  sent_to TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX rehearsal_about ON rehearsal (tenant_id, about);

-- Long work that a person started and may leave: an import, a backup.
CREATE TABLE job (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  what TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  result TEXT COLLATE "C",
  seen_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  settled_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);

CREATE FUNCTION audit_log_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$;
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION audit_log_is_added_to();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_added_to();
