-- Schema of the floor: the least tables that a dunning run can do with.
CREATE TABLE step (level INTEGER PRIMARY KEY, after_days INT NOT NULL);
CREATE TABLE customer (id INTEGER PRIMARY KEY, tenant INT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE receivable (id INTEGER PRIMARY KEY, tenant INT NOT NULL, customer_id INT NOT NULL REFERENCES customer (id),
  number TEXT NOT NULL, due INT NOT NULL, amount_minor INT NOT NULL, currency TEXT NOT NULL, level INT NOT NULL DEFAULT 0,
  next_wake INT, open INT NOT NULL DEFAULT 1);
CREATE TABLE decision (id INTEGER PRIMARY KEY, receivable_id INT NOT NULL, level INT NOT NULL, decided_on INT NOT NULL,
  reason TEXT NOT NULL, UNIQUE (receivable_id, level));
CREATE TABLE outbox (id INTEGER PRIMARY KEY, receivable_id INT NOT NULL, level INT NOT NULL, rcpt TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, state INT NOT NULL DEFAULT 0);
-- section: fill
INSERT INTO step VALUES (1, 5), (2, 20), (3, 40);
INSERT INTO customer WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < :n)
  SELECT i, 1 + i % 100, 'Customer ' || i, 'c' || i || '@example.com' FROM series;
INSERT INTO receivable WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < :n)
  SELECT i, 1 + i % 100, i, 'INV' || i, :today - (5 + i % 86), 1000 + i % 100000, 'EUR', 0, :today - i % 86, 1 FROM series;
CREATE INDEX receivable_wake ON receivable (next_wake) WHERE open;
-- section: run
INSERT INTO decision (receivable_id, level, decided_on, reason)
  SELECT r.id, s.level, :today, 'overdue ' || (:today - due) || ' d step ' || s.level
  FROM receivable r JOIN step s ON s.level = r.level + 1
  WHERE r.open AND r.next_wake <= :today AND r.id BETWEEN :lo AND :hi;
INSERT INTO outbox (receivable_id, level, rcpt, subject, body)
  SELECT r.id, s.level, c.email, 'Reminder ' || s.level || ' for invoice ' || number,
    'Dear ' || name || ',' || char(10, 10) || 'our invoice ' || number || ' of '
    || printf('%d.%02d', amount_minor / 100, amount_minor % 100) || ' ' || currency
    || ' was due on ' || date(due * 86400, 'unixepoch') || '. '
    || replace(hex(zeroblob(13)), '00', 'Please arrange payment or tell us why. ')
  FROM receivable r JOIN step s ON s.level = r.level + 1 JOIN customer c ON c.id = r.customer_id
  WHERE r.open AND r.next_wake <= :today AND r.id BETWEEN :lo AND :hi;
UPDATE receivable SET level = level + 1,
  next_wake = (SELECT max(due + n.after_days, :today + 1) FROM step n WHERE n.level = receivable.level + 2)
  WHERE open AND next_wake <= :today AND id BETWEEN :lo AND :hi;
