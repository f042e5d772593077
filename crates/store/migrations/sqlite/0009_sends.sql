-- How a step ended of which the buyer heard nothing: its letter was declined, its call was not made.
ALTER TABLE step_taken ADD COLUMN ended TEXT;
-- The purpose of a step that was entered by hand: it counts as a contact of its day.
ALTER TABLE step_taken ADD COLUMN entered TEXT;
-- A letter that a step sends beside its first one: whose it is, and the how manieth. They leave together or not at all.
ALTER TABLE letter ADD COLUMN lead_id TEXT;
ALTER TABLE letter ADD COLUMN send BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX letter_beside ON letter (tenant_id, lead_id, send) WHERE lead_id IS NOT NULL;

UPDATE step_taken SET ended = 'declined' WHERE voided_at IS NULL AND done_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM letter l WHERE l.tenant_id = step_taken.tenant_id AND l.id = step_taken.letter_id
  AND l.state = 'cancelled');
UPDATE step_taken SET entered = 'press' WHERE letter_id IS NULL AND task_id IS NULL AND voided_at IS NULL AND level > 0;
