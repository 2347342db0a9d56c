-- A small town's library, made up for Mathesar. Every value follows from row numbers, so that it is the same
-- everywhere. Runs as the owner of the database, in one transaction.

CREATE TABLE branches (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    street text NOT NULL,
    opened date NOT NULL,
    seats integer NOT NULL CHECK (seats > 0)
);
COMMENT ON TABLE branches IS 'The houses of the library';

CREATE TABLE authors (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    born integer NOT NULL CHECK (born BETWEEN 1800 AND 2015)
);
COMMENT ON TABLE authors IS 'Who wrote the books';
COMMENT ON COLUMN authors.born IS 'Year of birth';

CREATE TABLE books (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    author_id integer NOT NULL REFERENCES authors,
    branch_id integer NOT NULL REFERENCES branches,
    shelf text NOT NULL,
    published integer NOT NULL,
    pages integer NOT NULL CHECK (pages > 0),
    price numeric(6, 2) NOT NULL CHECK (price > 0),
    for_children boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE books IS 'One row a copy on a shelf';
COMMENT ON COLUMN books.price IS 'What the library paid, in euros';

CREATE TABLE members (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL UNIQUE,
    home_branch_id integer NOT NULL REFERENCES branches,
    joined date NOT NULL,
    born date
);
COMMENT ON TABLE members IS 'Who may borrow';

CREATE TABLE loans (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id integer NOT NULL REFERENCES books,
    member_id integer NOT NULL REFERENCES members,
    lent_at timestamptz NOT NULL,
    due date NOT NULL,
    returned date,
    CHECK (returned IS NULL OR returned >= lent_at::date)
);
COMMENT ON TABLE loans IS 'What was lent, and when it came back; no date while it is out';

CREATE TABLE fines (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    loan_id integer NOT NULL UNIQUE REFERENCES loans,
    amount numeric(6, 2) NOT NULL CHECK (amount > 0),
    paid boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE fines IS 'Ten cents for each day a book came back late';

CREATE INDEX ON books (author_id);
CREATE INDEX ON books (branch_id);
CREATE INDEX ON members (home_branch_id);
CREATE INDEX ON loans (book_id);
CREATE INDEX ON loans (member_id);

INSERT INTO branches (name, street, opened, seats) VALUES
    ('Market Square', 'Market Square 1', '1987-05-04', 64),
    ('Harbour', 'Ropewalk 22', '1999-09-13', 38),
    ('Hillside', 'Orchard Lane 7', '2008-03-31', 26),
    ('Book bus', 'Town hall car park', '2016-06-20', 6);

INSERT INTO authors (name, country, born) VALUES
    ('Ada Lindqvist', 'Sweden', 1951), ('Tomás Ferreira', 'Portugal', 1968), ('Grace Okafor', 'Nigeria', 1974),
    ('Mirela Popa', 'Romania', 1983), ('Henrik Aalto', 'Finland', 1946), ('Yuki Tanabe', 'Japan', 1979),
    ('Camille Renard', 'France', 1962), ('Diego Salvatierra', 'Peru', 1957), ('Nora Brandt', 'Germany', 1990),
    ('Amina Haddad', 'Morocco', 1986), ('Rhys Morgan', 'Wales', 1939), ('Leila Farahani', 'Iran', 1971),
    ('Jonas Vermeer', 'Netherlands', 1965), ('Priya Raman', 'India', 1988), ('Siobhán Keane', 'Ireland', 1949),
    ('Zofia Wrona', 'Poland', 1977), ('Matteo Conti', 'Italy', 1954), ('Hana Novotná', 'Czechia', 1992),
    ('Samuel Mensah', 'Ghana', 1960), ('Ingrid Solberg', 'Norway', 1981);

-- 80 books: an adjective and a thing make a title; their step lengths make every pair different
INSERT INTO books (title, author_id, branch_id, shelf, published, pages, price, for_children)
SELECT
    'The ' || (ARRAY['Quiet', 'Salt', 'Paper', 'Second', 'Northern', 'Borrowed', 'Glass', 'Hidden', 'Last', 'Copper'])[1 + n % 10]
        || ' ' || (ARRAY['Harbour', 'Orchard', 'Winter', 'Letter', 'Bridge', 'Garden', 'Lighthouse', 'Map'])[1 + n / 10],
    1 + n * 7 % 20,
    1 + n * 11 % 4,
    chr(65 + n * 5 % 8) || '-' || lpad((n * 13 % 40 + 1)::text, 2, '0'),
    2000 + n * 17 % 25,
    96 + n * 37 % 420,
    round(6.50 + n * 29 % 230 / 10.0, 2),
    n % 5 = 3
FROM generate_series(0, 79) AS n;

INSERT INTO members (name, email, home_branch_id, joined, born)
SELECT
    first || ' ' || last,
    lower(first || '.' || last || '@post.example'),
    1 + n * 3 % 4,
    date '2015-01-05' + n * 61,
    CASE WHEN n % 9 <> 4 THEN date '1944-02-11' + n * 397 END
FROM generate_series(0, 59) AS n
CROSS JOIN LATERAL (
    SELECT
        (ARRAY['Anna', 'Ben', 'Clara', 'David', 'Elif', 'Felix', 'Greta', 'Hugo', 'Ida', 'Jakob', 'Kira', 'Liam'])[1 + n % 12] AS first,
        (ARRAY['Baker', 'Castro', 'Dubois', 'Eriksen', 'Fischer'])[1 + n / 12] AS last
) AS names;

-- 420 loans over two years, one every 41 hours; the last weeks' are partly still out
INSERT INTO loans (book_id, member_id, lent_at, due, returned)
SELECT
    1 + n * 31 % 80,
    1 + n * 23 % 60,
    lent_at,
    lent_at::date + 28,
    CASE WHEN n < 390 OR n % 3 = 0 THEN lent_at::date + 3 + n * 19 % 35 END
FROM generate_series(0, 419) AS n
CROSS JOIN LATERAL (SELECT timestamptz '2024-01-08 10:15:00+00' + n * interval '41 hours' AS lent_at) AS moment;

INSERT INTO fines (loan_id, amount, paid)
SELECT id, (returned - due) * 0.10, id % 4 <> 0
FROM loans
WHERE returned > due
ORDER BY id;
