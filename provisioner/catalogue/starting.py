"""Messages of start-up, between a good environment and a served page: MP5xx."""

from provisioner.catalogue.rule import Rule, error, warning

_WAITED = " Tried for {seconds} s."

RULES: tuple[Rule, ...] = (
    error(
        "MP501", "internal-dns", "The host of the internal database has no address." + _WAITED,
        "The name cannot be looked up from here.",
        "Check the host in {variable}; a platform's private names resolve only inside its own region and project.",
        render="Use the internal URL only in the database's own region; elsewhere use the external URL.",
        railway="Reference the database's own variable, and keep both services in one project and environment.",
    ),
    error(
        "MP502", "internal-refused", "The internal database refuses connections." + _WAITED,
        "Nothing listens at that host and port, or a firewall says no.",
        "Check that the database runs and that host and port in {variable} are right.",
        digitalocean="Add this app to the database's trusted sources, and check that the cluster is online.",
    ),
    error(
        "MP503", "internal-timeout", "The internal database does not answer." + _WAITED,
        "A firewall drops the packets, or the server is overloaded.",
        "Check that the database accepts connections from here.",
        digitalocean="Add this app to the database's trusted sources.",
    ),
    error(
        "MP504", "internal-tls", "The internal database and this app do not agree on TLS." + _WAITED,
        "The server has no TLS, or its certificate does not satisfy the sslmode asked for.",
        "Set sslmode in {variable} to what the server offers.",
    ),
    error(
        "MP505", "internal-auth", "The internal database refuses this user or password.",
        "The password was rotated, or the user may not connect from here.",
        "Copy the database's current URL into {variable} again.",
    ),
    error(
        "MP506", "internal-no-database", "The server of the internal database has no database of that name.",
        "The name in the URL is wrong, or the database was deleted.",
        "Check the last part of {variable}.",
    ),
    error(
        "MP507", "internal-other", "The internal database cannot be used{reason}.",
        "It is starting, out of connections, or fails in a way that has no name here.",
        "Look at the database's own log.",
    ),
    error(
        "MP508", "internal-privilege", "The user of the internal database may not create what Mathesar needs.",
        "Its tables live in a schema of their own, mathesar_internal.",
        "As the database's owner run: GRANT CREATE ON DATABASE {database} TO {user};",
        digitalocean="As doadmin run: GRANT CREATE ON DATABASE {database} TO {user}; or attach a managed database.",
    ),
    error(
        "MP509", "start-lock-timeout", "Another process has been preparing this database for {seconds} seconds.",
        "Only one at a time may; its lock disappears with its connection.",
        "Look at the log of the other process, and start again when it is done.",
    ),
    error(
        "MP510", "release-missing", "The internal database is not prepared for this version and environment.",
        "`mathesar serve` changes nothing in the database.",
        "Run `mathesar release` first, or use `mathesar start`, which does both.",
    ),
    error(
        "MP511", "key-file-damaged", "The key file secret_key in the data directory does not hold a key.",
        "It is never overwritten: what it encrypted would be lost.",
        "Put the file back from a backup, or set SECRET_KEY; delete it only if nothing is to be kept.",
    ),
    error(
        "MP512", "data-dir-unusable", "The data directory, or a file in it, cannot be written.",
        "The key file, the internal database and the embedded PostgreSQL live there.",
        "Set MATHESAR_DATA_DIR to a directory with free space that this user may write, and all that is in it.",
    ),
    error(
        "MP513", "port-used", "Port {port} is in use by another program.",
        "Only one program can listen on a port.",
        "Stop the other program, or choose another port: PORT=8001 mathesar start.",
    ),
    error(
        "MP514", "bind-refused", "The address {address} cannot be listened on.",
        "This machine does not have the address, or the port needs more rights.",
        "Check {variable}.",
    ),
    error(
        "MP515", "embedded-failed", "The embedded PostgreSQL did not start: {reason}",
        "Without a database of yours, Mathesar brings one of its own.",
        "Or set DATABASE_URL to a PostgreSQL database of yours.",
    ),
    error(
        "MP517", "key-refused", "The internal database was written with another key, and MATHESAR_ON_KEY_MISMATCH says "
        "refuse.",
        "With serve it would start, with the stored connections locked.",
        "Put the previous value back, or list it in SECRET_KEY_FALLBACKS.",
    ),
    warning(
        "MP516", "key-mismatch", "The internal database was written with another key.",
        "Stored connections stay locked until the old key is back or they are entered again.",
        "Put the previous value back, or list it in SECRET_KEY_FALLBACKS.",
    ),
)  # fmt: skip
