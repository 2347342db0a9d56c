"""Messages about the connections that people make and the environment defines: MP7xx."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP701", "entry-read-only", "The database {name} is defined by the environment variable {variable}.",
        "What the environment defines is changed there, and cannot be edited or removed here.",
        "Change {variable} and restart Mathesar.",
    ),
    error(
        "MP702", "connection-name-taken", "There is a database called {name} already.",
        "Names are unique; case does not tell them apart.",
        "Choose another name.",
    ),
    error(
        "MP703", "connection-same-target", "The database {name} leads to the same place with the same user.",
        "Host, port, database and user name are those of a database that is already here.",
        "Open that one; or use another role of the database's.",
    ),
    error(
        "MP704", "field-missing", "This is needed: {what}.",
        "Without it no connection can be made.",
        "Fill it in.",
    ),
    error(
        "MP705", "field-invalid", "This cannot be used: {what}.",
        "PostgreSQL, or Mathesar, would misunderstand it.",
        "Correct it.",
    ),
    error(
        "MP706", "connection-locked", "The stored credentials of {name} cannot be read with the present key.",
        "They were encrypted with another SECRET_KEY.",
        "Put the earlier key into SECRET_KEY_FALLBACKS and restart, or enter the credentials again.",
    ),
    error(
        "MP707", "connection-out-of-service", "The database {name} cannot be opened: {what}.",
        "Its entry in the environment is missing, has an error, or has left.",
        "See its row in the list of databases.",
    ),
    error(
        "MP708", "schema-in-use", "Columns of people's tables use the types of the Mathesar schema.",
        "Removing the schema would remove these columns and their data.",
        "Change the columns' types first, remove without the schema, or confirm the loss.",
    ),
    error(
        "MP709", "schema-foreign", "A schema mathesar_types or msar is there that Mathesar did not make.",
        "Nothing that others made is touched.",
        "Rename that schema, or connect without the Mathesar schema.",
    ),
    error(
        "MP710", "connection-changed", "Somebody else changed this connection meanwhile.",
        "Your form began from an earlier version of it.",
        "Look at it again, and repeat your change.",
    ),
    error(
        "MP711", "url-parameter", "The URL's parameter {parameter} is not taken here.",
        "A connection consists of host, port, database, user name, password and TLS mode.",
        "Leave it out of the URL.",
    ),
    error(
        "MP712", "schema-failed", "The Mathesar schema could not be changed.",
        "The database refused it for a reason that has no name here; nothing was changed.",
        "Look at the database's own log, then try again.",
    ),
    error(
        "MP713", "schema-busy", "Another process is changing the Mathesar schema at this moment.",
        "Only one at a time may.",
        "Try again in a few seconds.",
    ),
    error(
        "MP714", "connection-unknown", "There is no such database.",
        "It may have been removed meanwhile.",
        "Go back to the list of databases.",
    ),
    error(
        "MP715", "entry-not-detached", "Only a detached database can be adopted.",
        "This one is not detached.",
        "Remove it from the environment first.",
    ),
    error(
        "MP716", "schema-others-inside", "Somebody put other things into the Mathesar schema: {what}.",
        "Only what Mathesar made is removed, so the schema itself has to stay.",
        "Move these elsewhere first, or remove without the schema.",
    ),
    error(
        "MP717", "schema-not-owner", "Another role, {what}, installed the Mathesar schema.",
        "Only its owner, or a member of that role, may change or remove it.",
        "Connect as that role, or ask its owner: GRANT that role to this one.",
    ),
    error(
        "MP718", "connection-too-many-tests", "Too many connections were tried within a minute.",
        "Mathesar must not be used to look for open ports.",
        "Try again in {seconds} seconds.",
    ),
)  # fmt: skip
