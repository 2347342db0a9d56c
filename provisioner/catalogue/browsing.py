"""Messages about looking into a database: MP65x."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP651", "browse-gone", "{name} is not there any more.",
        "It was dropped or renamed after this page was opened, or the address is wrong.",
        "Go back to the list of tables; it shows what is there now.",
    ),
    error(
        "MP652", "browse-denied", "The role that Mathesar connects as may not read {name}.",
        "PostgreSQL decides who may read what; Mathesar sees what its role sees.",
        "Have the owner of the table run the GRANT that this page shows, or connect with another role.",
    ),
    error(
        "MP653", "browse-slow", "{name} did not answer within 10 seconds, and the question was taken back.",
        "The view or table needs too much work for one page, or the server is overloaded.",
        "Try again; for a view, look at what it has to compute, or make it a materialized view.",
    ),
    error(
        "MP654", "browse-locked", "{name} is locked by another transaction.",
        "Something changes its structure at this moment: a migration, an ALTER TABLE, a VACUUM FULL.",
        "Try again in a moment. If it stays so, look for a transaction that was left open.",
    ),
    error(
        "MP655", "browse-failed", "PostgreSQL could not read {name}: {what} (SQLSTATE {state}).",
        "A view computes something that fails, a foreign server does not answer, or a value cannot be shown.",
        "Run the same SELECT with another tool to see the server's own words.",
    ),
    error(
        "MP656", "browse-cursor", "This link to the next rows is not valid.",
        "It was cut off, belongs to another table or key, or the table's key changed meanwhile.",
        "Open the table again from its first page.",
    ),
)  # fmt: skip
