-- The first schema. Instants are microseconds UTC, civil dates and decimals text, money minor units + currency.
-- Every table is keyed by tenant first; small rows read per debtor are clustered by (tenant, party). Rows with long
-- texts are not: in a clustered table whatever is longer than a quarter of a page would cost a page of its own.

CREATE TABLE tenant (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  sequence BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL DEFAULT 0,
  last_run_at BIGINT,
  -- When this database was made from a backup; what left after the backup is not in it.
  restored_at BIGINT,
  is_demo BIGINT NOT NULL DEFAULT 0,
  -- Number and hash of the last line of the audit log.
  log_number BIGINT NOT NULL DEFAULT 0,
  log_hash TEXT NOT NULL DEFAULT '',
  recorded_at BIGINT NOT NULL
);

CREATE TABLE number_series (
  tenant_id BIGINT NOT NULL,
  noun TEXT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, noun)
) WITHOUT ROWID;

CREATE TABLE blob (
  tenant_id BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes BLOB NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sha256)
);

-- Earlier rows, as partial images: overlaid from the newest back, they give the row as it was at any instant.
CREATE TABLE history (
  tenant_id BIGINT NOT NULL,
  -- Whose facts the row belongs to. Empty for settings and payments.
  party_id TEXT,
  noun TEXT NOT NULL,
  row_id TEXT NOT NULL,
  superseded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  image TEXT NOT NULL,
  PRIMARY KEY (tenant_id, noun, row_id, superseded_at, seq)
) WITHOUT ROWID;
CREATE INDEX history_party ON history (tenant_id, party_id, superseded_at) WHERE party_id IS NOT NULL;

CREATE TABLE source_state (
  tenant_id BIGINT NOT NULL,
  source TEXT NOT NULL,
  synced_at BIGINT NOT NULL,
  covered_to TEXT,
  PRIMARY KEY (tenant_id, source)
) WITHOUT ROWID;

CREATE TABLE import_run (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  kind TEXT NOT NULL,
  report TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE external_identity (
  tenant_id BIGINT NOT NULL,
  noun TEXT NOT NULL,
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,
  row_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, noun, source, external_id)
) WITHOUT ROWID;

CREATE TABLE party (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  country TEXT NOT NULL,
  language TEXT,
  is_consumer BIGINT NOT NULL,
  blacklisted BIGINT NOT NULL,
  playbook_override TEXT,
  merged_into TEXT,
  -- Whose buyer it is; NULL: nobody's yet, so only those who see everything see it.
  salesperson_id TEXT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX party_number ON party (tenant_id, number);
CREATE INDEX party_salesperson ON party (tenant_id, salesperson_id);
CREATE INDEX party_name ON party (tenant_id, name_key);

-- Two parties that are one, as a link that can be undone: `moved` holds the ids of the rows that changed sides.
CREATE TABLE party_merge (
  tenant_id BIGINT NOT NULL,
  gone TEXT NOT NULL,
  merged_at BIGINT NOT NULL,
  stays TEXT NOT NULL,
  moved TEXT NOT NULL,
  undone_at BIGINT,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, gone, seq)
) WITHOUT ROWID;

CREATE TABLE contact (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT,
  time_zone TEXT,
  objected BIGINT NOT NULL,
  sealed TEXT NOT NULL,
  ways TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

-- One key per person; erasing a person destroys the row, and with it everything sealed under the key.
CREATE TABLE person_key (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  secret TEXT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, contact_id)
) WITHOUT ROWID;

CREATE TABLE sales_order (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  number TEXT NOT NULL,
  source TEXT NOT NULL,
  total_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  ordered_on TEXT NOT NULL,
  ordered_at BIGINT,
  terms_text TEXT NOT NULL,
  goods TEXT NOT NULL,
  remote_state TEXT NOT NULL,
  cancelled BIGINT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX sales_order_number ON sales_order (tenant_id, source, number);
CREATE INDEX sales_order_party ON sales_order (tenant_id, party_id);

CREATE TABLE trigger_event (
  tenant_id BIGINT NOT NULL,
  order_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, order_id, kind, seq)
) WITHOUT ROWID;

CREATE TABLE invoice (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  order_id TEXT,
  number TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  total_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  voided_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX invoice_number ON invoice (tenant_id, number);

CREATE TABLE receivable (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  order_id TEXT,
  invoice_id TEXT,
  number BIGINT NOT NULL,
  reference TEXT NOT NULL,
  order_number TEXT,
  milestone TEXT NOT NULL,
  trigger_kind TEXT NOT NULL,
  days BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
  currency TEXT NOT NULL,
  triggered_on TEXT,
  due_on TEXT,
  placed_at BIGINT,
  obligor TEXT NOT NULL,
  source TEXT NOT NULL,
  closed BIGINT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX receivable_id ON receivable (tenant_id, id);
CREATE UNIQUE INDEX receivable_number ON receivable (tenant_id, number);
CREATE INDEX receivable_order ON receivable (tenant_id, order_id);

-- Append-only; `amount_minor` lowers what is outstanding, a reversal carries the negative of its original. An allocation
-- also names the payment, how much of it, and the rate between the two amounts: 1 in one currency.
CREATE TABLE ledger_entry (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  receivable_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  payment_id TEXT,
  payment_minor BIGINT,
  payment_currency TEXT,
  rate TEXT,
  reverses TEXT,
  note TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, receivable_id, id),
  CHECK ((payment_id IS NULL) = (payment_minor IS NULL) AND (payment_id IS NULL) = (payment_currency IS NULL)
    AND (payment_id IS NULL) = (rate IS NULL)),
  CHECK (payment_currency IS NULL OR payment_currency <> currency OR (payment_minor = amount_minor AND rate = '1'))
) WITHOUT ROWID;
CREATE INDEX ledger_entry_payment ON ledger_entry (tenant_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_reverses ON ledger_entry (tenant_id, reverses) WHERE reverses IS NOT NULL;

CREATE TABLE bank_statement (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  number TEXT,
  opening_on TEXT,
  opening TEXT,
  closing_on TEXT,
  closing TEXT,
  sha256 TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE bank_entry (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  statement_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  account TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  value_on TEXT,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  reference TEXT,
  bank_reference TEXT,
  end_to_end_id TEXT,
  counterparty_name TEXT,
  counterparty_account TEXT,
  purpose TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX bank_entry_fingerprint ON bank_entry (tenant_id, fingerprint);

CREATE TABLE payment (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  bank_entry_id TEXT,
  source TEXT NOT NULL,
  party_id TEXT,
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  received_on TEXT NOT NULL,
  payer_name TEXT NOT NULL,
  words TEXT NOT NULL,
  doubt TEXT,
  -- 0 while money of it is waiting for its place.
  placed BIGINT NOT NULL,
  -- Set aside by a person as not a customer's payment, or replaced by the bank's own entry.
  set_aside_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX payment_number ON payment (tenant_id, number);
CREATE INDEX payment_unplaced ON payment (tenant_id, id) WHERE placed = 0;

CREATE TABLE payment_candidate (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, payment_id)
) WITHOUT ROWID;

CREATE TABLE hold (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  receivable_id TEXT,
  why TEXT NOT NULL,
  until_on TEXT NOT NULL,
  released_at BIGINT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

CREATE TABLE promise (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  receivable_id TEXT,
  promised_on TEXT NOT NULL,
  pay_on TEXT NOT NULL,
  amount_minor BIGINT,
  currency TEXT,
  state TEXT NOT NULL,
  settled_at BIGINT,
  words TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

CREATE TABLE dispute (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  receivable_id TEXT NOT NULL,
  amount_minor BIGINT,
  currency TEXT,
  why TEXT NOT NULL,
  resolved_at BIGINT,
  resolution TEXT,
  effective_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;

CREATE TABLE playbook_text (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  body TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, version)
);

CREATE TABLE cases (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  id TEXT NOT NULL,
  receivable_id TEXT NOT NULL,
  state TEXT NOT NULL,
  playbook TEXT,
  playbook_version TEXT,
  started_at BIGINT NOT NULL,
  next_wake BIGINT,
  step TEXT,
  letter_id TEXT,
  task_id TEXT,
  -- Fingerprint of the last reasons for silence, so that the same silence is written once.
  silence_key TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cases_receivable ON cases (tenant_id, receivable_id);
CREATE INDEX cases_awake ON cases (tenant_id, party_id, next_wake) WHERE next_wake IS NOT NULL;

-- A step happens once per case and round (invariant 2): the primary key is the guarantee.
CREATE TABLE step_taken (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  step TEXT NOT NULL,
  round BIGINT NOT NULL,
  level BIGINT NOT NULL,
  letter_id TEXT,
  task_id TEXT,
  outstanding_minor BIGINT NOT NULL,
  reasons TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  done_at BIGINT,
  voided_at BIGINT,
  void_why TEXT,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, case_id, step, round)
) WITHOUT ROWID;

CREATE TABLE silence (
  tenant_id BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  -- The first reason that stops.
  why TEXT NOT NULL,
  reasons TEXT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, case_id, seq)
);

CREATE TABLE letter (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  party_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  channel TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  letter TEXT NOT NULL,
  level BIGINT NOT NULL,
  currency TEXT NOT NULL,
  items TEXT NOT NULL,
  review TEXT NOT NULL,
  attach_statement BIGINT NOT NULL,
  answer_by TEXT NOT NULL,
  reasons TEXT NOT NULL,
  state TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  lease_until BIGINT,
  lease_by TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  settled_at BIGINT,
  outcome TEXT,
  transport TEXT,
  sealed_envelope TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX letter_number ON letter (tenant_id, number);
CREATE INDEX letter_party ON letter (tenant_id, party_id, recorded_at);
CREATE INDEX letter_waiting ON letter (tenant_id, state, not_before) WHERE settled_at IS NULL;

CREATE TABLE letter_attachment (
  tenant_id BIGINT NOT NULL,
  letter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (tenant_id, letter_id, name)
);

CREATE TABLE task (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  kind TEXT NOT NULL,
  party_id TEXT,
  case_id TEXT,
  receivable_id TEXT,
  letter_id TEXT,
  payment_id TEXT,
  step TEXT,
  level BIGINT NOT NULL,
  round BIGINT NOT NULL,
  contact_id TEXT,
  language TEXT NOT NULL,
  script TEXT,
  pressed_minor BIGINT,
  currency TEXT,
  reasons TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  settled_at BIGINT,
  outcome TEXT,
  note TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX task_number ON task (tenant_id, number);
CREATE INDEX task_party ON task (tenant_id, party_id, recorded_at);
CREATE INDEX task_open ON task (tenant_id, not_before) WHERE settled_at IS NULL;

CREATE TABLE incident (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  invariant BIGINT NOT NULL,
  what TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The house: who works here, what they may see, and what they did.

-- One row: tells at opening whether the key given is the one this database was made with.
CREATE TABLE installation (
  id BIGINT NOT NULL PRIMARY KEY,
  key_check TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);

CREATE TABLE user_account (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- invited, active, left
  state TEXT NOT NULL,
  -- Argon2id in PHC form; NULL until the invitation is taken up.
  password_hash TEXT,
  -- Sealed under the installation's key; NULL without a second factor.
  totp_sealed TEXT,
  -- The last time step that was used: a code works once.
  totp_step BIGINT,
  -- When the password in use was first set or set anew by an invitation: whoever was let in anew is no second person
  -- for what was begun before.
  entered_at BIGINT,
  ui_language TEXT,
  signature TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX user_account_email ON user_account (tenant_id, email_key);

CREATE TABLE invitation (
  tenant_id BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  invited_by TEXT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, secret_hash)
) WITHOUT ROWID;

CREATE TABLE user_session (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  -- The secret before the last rotation is good for requests that were under way.
  former_hash TEXT,
  rotated_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  address TEXT NOT NULL,
  browser TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX user_session_user ON user_session (tenant_id, user_id);

-- A browser in which somebody has signed in before: failures elsewhere do not lock it out.
CREATE TABLE known_browser (
  tenant_id BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, secret_hash)
) WITHOUT ROWID;

-- Failed sign-ins, by a hash of what they have in common (address and name, or browser); of no firm, because the
-- firm is not known before somebody has signed in.
CREATE TABLE sign_in_failure (
  about TEXT NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE stand_in (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  absent_id TEXT NOT NULL,
  deputy_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE api_token (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  scopes TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- The answer to a request that changes something, kept so that the same request again changes nothing.
CREATE TABLE idempotent_answer (
  tenant_id BIGINT NOT NULL,
  token_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  -- NULL while the first request is still being worked on.
  status BIGINT,
  body TEXT,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, token_id, idempotency_key)
) WITHOUT ROWID;

-- Who did what to what. Each line carries the hash of the one before it; nothing is changed or taken out.
CREATE TABLE audit_log (
  tenant_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  -- system, command_line, page, api
  via TEXT NOT NULL,
  user_id TEXT,
  verb TEXT NOT NULL,
  noun TEXT NOT NULL,
  subject TEXT NOT NULL,
  party_id TEXT,
  -- What may be read for ever: states, amounts, days.
  facts TEXT NOT NULL,
  -- What names or describes people: sealed under the key of the party it is about, or of the user.
  sealed TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);
CREATE INDEX audit_log_subject ON audit_log (tenant_id, noun, subject);
CREATE INDEX audit_log_party ON audit_log (tenant_id, party_id) WHERE party_id IS NOT NULL;

-- A person's yes to exactly one content of a letter. A letter that needs two persons has two rows.
CREATE TABLE approval (
  tenant_id BIGINT NOT NULL,
  letter_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT,
  name TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- Taken back, or lapsed because the content changed or the time ran out.
  ended_at BIGINT,
  ended_why TEXT,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, letter_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX approval_once ON approval (tenant_id, letter_id, user_id)
  WHERE ended_at IS NULL AND user_id IS NOT NULL;

-- What would have been sent while the firm was trying things out; it went to the firm itself and advanced nothing.
CREATE TABLE rehearsal (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  -- Case and step, so that the same letter is rehearsed once.
  about TEXT NOT NULL,
  letter TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sent_to TEXT NOT NULL,
  outcome TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX rehearsal_about ON rehearsal (tenant_id, about);

-- Long work that a person started and may leave: an import, a backup.
CREATE TABLE job (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT,
  what TEXT NOT NULL,
  state TEXT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  result TEXT,
  seen_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  settled_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);

CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_log_is_not_cut BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
