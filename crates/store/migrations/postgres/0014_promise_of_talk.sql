-- The talk that a promise was taken over from, and which of those picked out there it was: each is entered once.
ALTER TABLE promise ADD COLUMN talk_id TEXT COLLATE "C";
ALTER TABLE promise ADD COLUMN talk_item BIGINT;
CREATE UNIQUE INDEX promise_of_talk ON promise (tenant_id, talk_id, talk_item) WHERE talk_id IS NOT NULL AND state <> 'withdrawn';
