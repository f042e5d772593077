-- Of which days of each bank account statements were read, without a gap within a row.
CREATE TABLE bank_coverage (
  tenant_id BIGINT NOT NULL,
  -- As the statements name it, with its currency.
  account TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  opening TEXT,
  closing TEXT,
  -- Coverage is counted from this row.
  is_start BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account, from_day)
) WITHOUT ROWID;

-- Accounts of which a person said that they are used no longer.
CREATE TABLE retired_bank_account (
  tenant_id BIGINT NOT NULL,
  account TEXT NOT NULL,
  retired_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account)
) WITHOUT ROWID;

-- What was read before: each account up to the last day that a statement of it told of. Gaps were not noted.
INSERT INTO bank_coverage (tenant_id, account, from_day, to_day, opening, closing, is_start)
SELECT a.tenant_id, a.account, min(a.from_day), max(a.to_day), NULL, NULL, 1
FROM (
  SELECT s.tenant_id, s.account, CASE WHEN s.to_day < s.from_day THEN s.to_day ELSE s.from_day END AS from_day, s.to_day
  FROM (
    SELECT d.tenant_id, d.account,
      CASE WHEN d.booked_first < d.opening_on THEN d.booked_first
        ELSE COALESCE(d.opening_on, d.booked_first, d.closing_on) END AS from_day,
      CASE WHEN COALESCE(d.closing_on, d.booked_last) > b.covered_to THEN b.covered_to
        ELSE COALESCE(d.closing_on, d.booked_last) END AS to_day
    FROM (
      SELECT t.tenant_id, t.opening_on, t.closing_on, min(e.booked_on) AS booked_first, max(e.booked_on) AS booked_last,
        COALESCE(NULLIF(TRIM(t.account || ' ' || COALESCE(NULLIF(t.currency, ''), max(e.currency),
          (SELECT max(x.currency) FROM bank_entry x WHERE x.tenant_id = t.tenant_id AND x.account = t.account), '')), ''),
          '-') AS account
      FROM bank_statement t
      LEFT JOIN bank_entry e ON e.tenant_id = t.tenant_id AND e.statement_id = t.id
      GROUP BY t.tenant_id, t.id, t.account, t.currency, t.opening_on, t.closing_on
    ) d
    JOIN source_state b ON b.tenant_id = d.tenant_id AND b.source = 'bank' AND b.covered_to IS NOT NULL
  ) s
  WHERE s.to_day IS NOT NULL
) a
GROUP BY a.tenant_id, a.account;

-- Looking back, the books were as fresh as the freshest account until now.
INSERT INTO history (tenant_id, party_id, noun, row_id, superseded_at, seq, image)
SELECT b.tenant_id, NULL, 'source', 'bank', CAST(strftime('%s', 'now') AS BIGINT) * 1000000, 0,
  '{"covered_to":"' || b.covered_to || '"}'
FROM source_state b
WHERE b.source = 'bank' AND b.covered_to IS NOT NULL;

UPDATE source_state
SET covered_to = (SELECT min(c.to_day) FROM bank_coverage c WHERE c.tenant_id = source_state.tenant_id)
WHERE source = 'bank' AND covered_to IS NOT NULL
  AND EXISTS (SELECT 1 FROM bank_coverage c WHERE c.tenant_id = source_state.tenant_id);
