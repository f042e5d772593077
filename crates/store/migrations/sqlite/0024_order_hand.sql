-- What a surcharge that the buyer is asked for comes to.
ALTER TABLE order_ask ADD COLUMN surcharge_minor BIGINT;
ALTER TABLE order_ask ADD COLUMN surcharge_currency TEXT;
-- The change in which it was settled, and in which an order was let go: by these they are taken back.
ALTER TABLE order_ask ADD COLUMN settled_seq BIGINT;
ALTER TABLE dispatch_hold ADD COLUMN released_seq BIGINT;

-- What a buyer wrote in the chat of an order is a talk. `remote_id` is the name of the message there: it is kept once.
ALTER TABLE talk ADD COLUMN order_id TEXT;
ALTER TABLE talk ADD COLUMN remote_id TEXT;
CREATE UNIQUE INDEX talk_remote ON talk (tenant_id, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX talk_order ON talk (tenant_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX task_talk ON task (tenant_id, talk_id) WHERE talk_id IS NOT NULL;
