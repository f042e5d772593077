-- How somebody's name is written in letters that are not in Chinese; empty: the firm's signer.
ALTER TABLE user_account ADD COLUMN latin_name TEXT COLLATE "C" NOT NULL DEFAULT '';
