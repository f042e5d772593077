-- What no restore brings back, whatever its backup knows or does not know yet: persons and consumers who were erased, files that
-- were given up, people who left the firm, who objected. A restore reads what is here, adds to it, and puts it back.
CREATE TABLE kept_out (
  tenant_id BIGINT NOT NULL,
  -- `contact`, `party`, `file`, `leaver`, `user` (erased), `objection`
  noun TEXT NOT NULL,
  -- Id, or the hash of a file.
  subject TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, noun, subject)
) WITHOUT ROWID;
