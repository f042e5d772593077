-- Talks with a buyer outside the program: a chat, a call, a fair. Words, file name and file are sealed.
CREATE TABLE talk (
  tenant_id BIGINT NOT NULL,
  party_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  talked_at BIGINT NOT NULL,
  contact_id TEXT COLLATE "C",
  -- We asked for payment: it counts as a contact, like a call.
  asked BIGINT NOT NULL,
  -- Whose key it is sealed under: that of the person, else that of the debtor as a whole.
  key_person TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  -- The picture or file in `blob`, and its media type.
  file_sha256 TEXT COLLATE "C",
  file_type TEXT COLLATE "C",
  -- Logged by mistake and taken back.
  ended_at BIGINT,
  recorded_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, party_id, id)
);

-- The wrong letter that this one puts right; a letter is put right once.
ALTER TABLE letter ADD COLUMN repairs TEXT COLLATE "C";
CREATE UNIQUE INDEX letter_repairs ON letter (tenant_id, repairs) WHERE repairs IS NOT NULL;
