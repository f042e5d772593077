-- Cases that lay down to wait for the correction of a copy, or for a question, were not woken when it had left: everybody who
-- sleeps without an end and waits for nothing is looked at once more.
UPDATE cases SET next_wake = recorded_at WHERE state = 'running' AND next_wake IS NULL AND letter_id IS NULL
  AND task_id IS NULL;
-- A call that gap, ceiling or the buyer's hours do not allow now rests until then; its own time stays what it is.
ALTER TABLE task ADD COLUMN rests_until BIGINT;
