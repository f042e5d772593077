-- Playbooks that a firm published for itself, one row each time; the newest of an id is in force. Their texts are in
-- playbook_text, where cases find them by version.
CREATE TABLE playbook_version (
  tenant_id BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  version TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  via TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, number)
);
