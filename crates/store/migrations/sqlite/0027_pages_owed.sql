-- An order's own page that was asked for and not answered is asked for again, whatever else is wrong with the order.
ALTER TABLE remote_order ADD COLUMN page_owed BIGINT NOT NULL DEFAULT 0;
-- When it was last asked for in vain: those go behind the others.
ALTER TABLE remote_order ADD COLUMN page_asked_at BIGINT;
UPDATE remote_order SET page_owed = 1, problem = '' WHERE problem = 'page_owed';
