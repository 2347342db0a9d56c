"""Messages about changing rows of a database: MP66x and MP67x. None of them says what another row holds."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP661", "edit-denied", "The role that Mathesar connects as may not make this change in {name}.",
        "PostgreSQL decides who may change what; a policy of row-level security may forbid it for some rows alone.",
        "Ask the owner of the table for the privilege, or connect with another role. Nothing was changed.",
    ),
    error(
        "MP662", "edit-invalid", "This is not a value of the type {type} ({what}).",
        "PostgreSQL reads every value itself, and could not make one of this type of what was typed.",
        "Write the value as PostgreSQL does, for example 2026-01-31 for a date.",
    ),
    error(
        "MP663", "edit-not-null", "This column must have a value.",
        "The column or its type does not allow NULL.",
        "Enter a value; an empty text is one where the column holds text.",
    ),
    error(
        "MP664", "edit-duplicate", "Another row has the same value already (constraint {constraint}).",
        "The table allows each value, or each combination of values, once.",
        "Enter a value that no other row has.",
    ),
    error(
        "MP665", "edit-reference", "This value leads to no row of the other table (constraint {constraint}).",
        "A foreign key allows only values that the table it refers to holds.",
        "Enter the key of a row that exists, or add that row first.",
    ),
    error(
        "MP666", "edit-referenced", "Rows of {other} still refer to this row (constraint {constraint}).",
        "A foreign key keeps a row, and its key, from going while others refer to it.",
        "Change or delete those rows first. Nothing was changed.",
    ),
    error(
        "MP667", "edit-check", "The row does not satisfy the constraint {constraint}.",
        "The table or a type has a rule of its own about which values go together.",
        "Look at the constraint's definition in the table, and enter values that satisfy it.",
    ),
    error(
        "MP668", "edit-changed", "Somebody else changed this row after the page was opened.",
        "Saving would have written over what they did, so nothing was saved.",
        "Compare the page with what is in the database now; send it again to have it your way. Nothing was changed.",
    ),
    error(
        "MP669", "edit-row-gone", "This row is not there any more.",
        "It was deleted, or its key was changed, after the page was opened.",
        "Go back to the table. What was typed is still in the fields, to be copied.",
    ),
    error(
        "MP670", "edit-not-one", "The database did not change exactly this one row, so nothing was changed.",
        "A trigger or a rule of the table took the change back, or changed other rows instead.",
        "Look at the table's triggers and rules; they decide what happens to its rows.",
    ),
    error(
        "MP671", "edit-busy", "Another transaction is at work on this row or table.",
        "Somebody else changes it at this moment, and holds a lock on it.",
        "Save again in a moment. If it stays so, look for a transaction that was left open. Nothing was changed.",
    ),
    error(
        "MP672", "edit-slow", "The change took longer than 10 seconds and was taken back.",
        "A trigger has much to do, a foreign key has no index, or the server is overloaded.",
        "Try again; if it stays so, look at the table's triggers and foreign keys. Nothing was changed.",
    ),
    error(
        "MP673", "edit-read-only", "This server takes no changes at present.",
        "It is a standby that copies another server, or default_transaction_read_only is on.",
        "Connect to the primary server, or have the setting turned off.",
    ),
    error(
        "MP674", "edit-failed", "PostgreSQL could not make the change: {what} (SQLSTATE {state}).",
        "A trigger, a function or a rule of the database refused it.",
        "Make the same change with another tool to see the server's own words. Nothing was changed.",
    ),
    error(
        "MP675", "edit-link", "This link to a row is not valid.",
        "It was cut off, belongs to another table, or the table's key changed meanwhile.",
        "Open the table again and choose the row there.",
    ),
    error(
        "MP676", "edit-no-table", "The rows of {name} cannot be changed here: it is a {variable}.",
        "What it shows comes from other tables, or from another server.",
        "Change the rows of the tables that it is made of.",
    ),
    error(
        "MP677", "edit-no-key", "The rows of {name} cannot be changed here: nothing tells one row from another.",
        "It has no primary key and no unique index over columns that cannot be NULL and that the role may read.",
        "Give it a primary key, for example: ALTER TABLE … ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY "
        "PRIMARY KEY.",
    ),
    error(
        "MP678", "edit-heirs", "The rows of {name} cannot be changed here: other tables inherit from it.",
        "Its key says nothing about the rows that it shows of those tables.",
        "Change the rows in the inheriting tables.",
    ),
    error(
        "MP679", "edit-unknown", "The connection was lost while the change was being saved.",
        "The server may have saved it or not; nobody said.",
        "Open the row again and look before saving once more.",
    ),
    error(
        "MP680", "edit-columns", "The columns of {name} changed after the page was opened.",
        "What was typed may belong to a column that has another name or type now, or is gone, or may not be changed.",
        "Compare the fields with what was meant, and send them again. Nothing was changed.",
    ),
    error(
        "MP681", "edit-unfilled", "This column was not filled in, and has no default.",
        "It does not allow NULL, so a new row needs a value for it.",
        "Enter a value. Where an empty text is meant, tick the box for it below the field.",
    ),
)  # fmt: skip
