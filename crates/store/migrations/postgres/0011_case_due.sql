-- The due date of a case's receivable, kept beside the state of the case: what is open and due since a day is then found by
-- one index, without the paid debts of many years and without the open ones that are not due.
ALTER TABLE cases ADD COLUMN due_on TEXT COLLATE "C";
UPDATE cases SET due_on = (SELECT r.due_on FROM receivable r WHERE r.tenant_id = cases.tenant_id
  AND r.party_id = cases.party_id AND r.id = cases.receivable_id);
CREATE INDEX cases_due ON cases (tenant_id, due_on, party_id, receivable_id)
  WHERE state IN ('running', 'ladder_done', 'handed_over');
