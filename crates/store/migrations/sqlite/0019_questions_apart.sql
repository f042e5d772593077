-- Which question to a buyer a task is about: two about one receivable end apart.
ALTER TABLE task ADD COLUMN question_id TEXT;
UPDATE task SET question_id = (SELECT max(q.id) FROM question q WHERE q.tenant_id = task.tenant_id
  AND q.party_id = task.party_id AND q.receivable_id = task.receivable_id AND q.state IN ('open', 'unanswered'))
  WHERE kind = 'question' AND settled_at IS NULL AND (SELECT count(*) FROM question q WHERE q.tenant_id = task.tenant_id
  AND q.party_id = task.party_id AND q.receivable_id = task.receivable_id AND q.state IN ('open', 'unanswered')) = 1;
-- A due date that somebody here set or took back did not reach the note that its case keeps.
UPDATE cases SET due_on = (SELECT r.due_on FROM receivable r WHERE r.tenant_id = cases.tenant_id
  AND r.party_id = cases.party_id AND r.id = cases.receivable_id);
