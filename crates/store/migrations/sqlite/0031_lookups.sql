-- What is looked for by something else than its debtor is found by an index; otherwise each order of a shop would read the
-- letters, parcels and messages of all others.
CREATE INDEX letter_message ON letter (tenant_id, message_id);
CREATE INDEX letter_party_open ON letter (tenant_id, party_id, id) WHERE settled_at IS NULL;
-- Lists of one state are read in this order, of letters that left as well.
DROP INDEX letter_waiting;
CREATE INDEX letter_state ON letter (tenant_id, state, not_before, id);
CREATE INDEX chat_message_age ON chat_message (tenant_id, recorded_at);
DROP INDEX shipment_number;
CREATE INDEX shipment_number ON shipment (tenant_id, number, id);
CREATE INDEX tracking_notice_waiting ON tracking_notice (tenant_id, received_at, sha256) WHERE taken_at IS NULL;
