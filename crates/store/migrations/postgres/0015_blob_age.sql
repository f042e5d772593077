-- Old files are found without reading them.
CREATE INDEX blob_age ON blob (tenant_id, recorded_at, sha256);
