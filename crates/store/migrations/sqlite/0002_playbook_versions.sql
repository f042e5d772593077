-- Playbooks that a firm published for itself, one row each time; the newest of an id is in force. Their texts are in
-- playbook_text, where cases find them by version.
CREATE TABLE playbook_version (
  tenant_id BIGINT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  version TEXT NOT NULL,
  note TEXT NOT NULL,
  via TEXT NOT NULL,
  user_id TEXT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, number)
) WITHOUT ROWID;
