"""New rows: what nobody fills in is left to the database, and nothing is made up for it."""

from __future__ import annotations


def test_a_domain_has_a_default_too(form, connection, run, oid) -> None:
    run("CREATE DOMAIN code AS text DEFAULT 'x' || 1; CREATE DOMAIN must AS int NOT NULL DEFAULT 7")
    run("CREATE TABLE coded (id serial PRIMARY KEY, a code, b must, c code DEFAULT 'own', d code DEFAULT NULL)")
    forms = form()
    path = f"{oid('coded')}/rows/add"
    assert {"d2", "d3", "d4", "d5"} <= set(forms.data(path))
    assert forms.send(path).status_code == 302
    assert forms.send(path, v2="typed", v3="8", n4="on", drop=("d4",)).status_code == 302
    rows = connection.execute("SELECT a, b, c, d FROM coded ORDER BY id").fetchall()
    assert rows == [("x1", 7, "own", None), ("typed", 8, None, None)]
