"""Messages of ``provisioner doctor``, which connects to the databases and looks: MP62x to MP64x."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP620", "doctor-version-old", "PostgreSQL {version} is older than {oldest}.",
        "It gets no corrections any more, and Mathesar is tried with newer versions alone.",
        "Upgrade the server; every supported version works.",
    ),
    warning(
        "MP621", "doctor-version-new", "PostgreSQL {version} is newer than {newest}.",
        "Mathesar has not been tried with it yet.",
        "Look whether a newer Mathesar names this version.",
    ),
    warning(
        "MP622", "doctor-pooler-internal", "The internal database is reached through a pooler in transaction mode.",
        "Mathesar works so: each transaction sets what it needs. A direct connection is simpler and faster.",
        "Prefer the database's direct host and port in {variable}.",
        digitalocean="Prefer the database's own connection details in {variable}, not those of a connection pool.",
    ),
    warning(
        "MP623", "doctor-pooler-suspected", "This looks like a connection pooler: {sign}.",
        "In session mode it does no harm; in transaction mode the Mathesar schema cannot be installed through it.",
        "If the database has a direct host and port, prefer them in {variable}.",
    ),
    warning(
        "MP624", "doctor-tls-stronger", "The connection would be safer with sslmode={strongest}: it works here.",
        "Without verification somebody in between could pose as the server; without TLS everybody there can read.",
        "Set sslmode={strongest} in {variable}.",
    ),
    warning(
        "MP625", "doctor-tls-none", "The connection is not encrypted, and the server offers no TLS.",
        "Everybody between here and there can read and change what is sent.",
        "Switch TLS on at the server, or let the app reach it through a private network.",
    ),
    error(
        "MP626", "doctor-internal-read-only", "The internal database takes no changes: {why}.",
        "Mathesar keeps people, sessions and connections in it.",
        "Name the primary server in {variable}, with a role that may write.",
    ),
    warning(
        "MP627", "doctor-read-only", "This database takes no changes: {why}.",
        "People can look at the data, and edit nothing.",
        "If they should edit, name the primary server in {variable}, with a role that may write.",
    ),
    error(
        "MP628", "doctor-no-internal", "The internal tables cannot be created: {why}.",
        "They live in the schema mathesar_internal. The role needs CREATE on the database once, or on that schema.",
        "As {who} run: {statement}",
    ),
    warning(
        "MP629", "doctor-no-tables", "This role cannot create tables in the schema public.",
        "From PostgreSQL 15 on only a database's owner may, unless it is granted.",
        "If people should create tables there, as the database's owner run: {statement}",
    ),
    error(
        "MP630", "doctor-connections-short", "Mathesar may open {need} connections, and {limited} allows {limit}.",
        "Each worker fills its pool, twice while an old and a new release overlap.",
        "Run fewer replicas or workers (WEB_CONCURRENCY), or raise the limit (a larger plan).",
    ),
    warning(
        "MP631", "doctor-same-database", "This is the same database as {other}, by another address.",
        "The server itself says so. People would see it twice.",
        "Remove one of the two.",
    ),
    warning(
        "MP632", "doctor-admin-password", "MATHESAR_ADMIN_PASSWORD is still set.",
        "It is read once, for the first superuser. Afterwards everybody who sees the app's variables sees a password.",
        "Once the first superuser can sign in, change that password there and remove MATHESAR_ADMIN_PASSWORD.",
    ),
    warning(
        "MP633", "doctor-setup-open", "No superuser has been set up yet.",
        "Whoever has the setup code can claim this install.",
        "Open the app's address and finish the setup.",
    ),
    warning(
        "MP634", "doctor-url-in-arguments", "A password was given as an argument of this command.",
        "Other users of this machine see the arguments of a running command, and shells keep them in a history.",
        "Give --url - to be asked for the URL, or use --url-file.",
    ),
    error(
        "MP635", "doctor-unfinished", "This database was not looked at in time.",
        "Others took so long that the whole run reached its limit.",
        "Look at it alone: provisioner doctor --url -",
    ),
    error(
        "MP636", "doctor-schema-upgrade", "The Mathesar schema was made by another role, {owner}.",
        "Only that role, or a member of it, can upgrade it.",
        "As a superuser or that role run: {statement}",
    ),
    error(
        "MP637", "doctor-refused", "The server refuses {what}, whatever this role's privileges say.",
        "A managed server can forbid more than PostgreSQL itself does.",
        "Look at the database's own log, or ask its provider.",
    ),
)  # fmt: skip
