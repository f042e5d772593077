-- Schema of the floor: the least tables that a dunning run can do with.
CREATE TABLE step (level INT PRIMARY KEY, after_days INT NOT NULL);
CREATE TABLE customer (id BIGINT PRIMARY KEY, tenant INT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE receivable (id BIGINT PRIMARY KEY, tenant INT NOT NULL, customer_id BIGINT NOT NULL REFERENCES customer (id),
  number TEXT NOT NULL, due INT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, level INT NOT NULL DEFAULT 0,
  next_wake INT, open BOOLEAN NOT NULL DEFAULT TRUE);
CREATE TABLE decision (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, receivable_id BIGINT NOT NULL, level INT NOT NULL,
  decided_on INT NOT NULL, reason TEXT NOT NULL, UNIQUE (receivable_id, level));
CREATE TABLE outbox (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, receivable_id BIGINT NOT NULL, level INT NOT NULL,
  rcpt TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, state INT NOT NULL DEFAULT 0);
-- section: fill
INSERT INTO step VALUES (1, 5), (2, 20), (3, 40);
INSERT INTO customer SELECT i, 1 + i % 100, 'Customer ' || i, 'c' || i || '@example.com' FROM generate_series(1, :n) i;
INSERT INTO receivable SELECT i, 1 + i % 100, i, 'INV' || i, :today - (5 + i % 86), 1000 + i % 100000, 'EUR', 0,
  :today - i % 86, TRUE FROM generate_series(1, :n) i;
CREATE INDEX receivable_wake ON receivable (next_wake) WHERE open;
-- section: run
WITH due AS (
  SELECT r.id, r.number, r.due, r.amount_minor, r.currency, s.level, c.name, c.email, n.after_days AS following
  FROM receivable r JOIN step s ON s.level = r.level + 1 LEFT JOIN step n ON n.level = s.level + 1
  JOIN customer c ON c.id = r.customer_id
  WHERE r.open AND r.next_wake <= :today AND r.id BETWEEN :lo AND :hi
), advanced AS (
  UPDATE receivable r SET level = d.level, next_wake = greatest(d.due + d.following, :today + 1) FROM due d WHERE d.id = r.id
), decided AS (
  INSERT INTO decision (receivable_id, level, decided_on, reason)
  SELECT id, level, :today, 'overdue ' || (:today - due) || ' d step ' || level FROM due
)
INSERT INTO outbox (receivable_id, level, rcpt, subject, body)
  SELECT id, level, email, 'Reminder ' || level || ' for invoice ' || number,
    'Dear ' || name || E',\n\nour invoice ' || number || ' of ' || to_char(amount_minor / 100.0, 'FM999999990.00') || ' '
    || currency || ' was due on ' || to_char(date '1970-01-01' + due, 'YYYY-MM-DD') || '. '
    || repeat('Please arrange payment or tell us why. ', 13) FROM due;
