"""Messages about a live database, wherever one is connected to: MP6xx."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP601", "live-dns", "The host name has no address.",
        "The name is misspelt, or it is a private name that does not resolve from here.",
        "Check the host's spelling; use the external host name if this app is outside the database's own network.",
    ),
    error(
        "MP602", "live-refused", "Nothing accepts connections at that host and port.",
        "The server is not running, listens at another port, or listens to its own machine only.",
        "Check host and port, and that the server listens on this network (listen_addresses).",
    ),
    error(
        "MP603", "live-timeout", "No answer within 5 seconds.",
        "A firewall drops the packets, or the server is overloaded.",
        "Let this app through the database's firewall (trusted sources, allow list), then try again.",
    ),
    error(
        "MP604", "live-tls", "The server and this app do not agree on TLS.",
        "The server offers no TLS, demands it, or shows a certificate that the TLS mode does not accept.",
        "Choose the TLS mode that the server supports; for verify-ca or verify-full paste its CA certificate.",
    ),
    error(
        "MP605", "live-auth", "The user name or password was refused.",
        "PostgreSQL does not say which of the two it was; pg_hba.conf may also forbid this address.",
        "Check both, and that this user may connect from here.",
    ),
    error(
        "MP606", "live-no-database", "The server has no database of that name.",
        "Names of databases are case-sensitive.",
        "Check the database's name.",
    ),
    error(
        "MP607", "live-cleartext", "The server asked for the password in clear text; it was not sent.",
        "A server that wants the password itself can keep it. PostgreSQL's own method is scram-sha-256.",
        "Set the role's password again with password_encryption = scram-sha-256, and use that method in pg_hba.conf.",
    ),
    error(
        "MP608", "live-too-many", "The server has no connection left for this user.",
        "Its limit of connections is reached.",
        "Close connections that are not needed, or use a larger plan.",
    ),
    error(
        "MP609", "live-host-blocked", "This host is not allowed: it is {what}.",
        "Mathesar must not be talked into reaching its own machine or the cloud's internals.",
        "Use the database's own host name. Inside a container, localhost is the container itself: use the other "
        "container's or service's name, or host.docker.internal for the machine that runs it.",
    ),
    error(
        "MP610", "live-other", "The server did not accept the connection.",
        "It is starting, shutting down, or refuses for a reason that has no name here.",
        "Look at the database's own log.",
    ),
    error(
        "MP611", "live-pooler", "This is a connection pooler in transaction mode.",
        "It hands every transaction to another server connection, which breaks installing the Mathesar schema.",
        "Use the database's direct host and port. Poolers often listen on 6543 or 25061.",
        digitalocean="Use the database's own connection details, not those of a connection pool.",
    ),
    error(
        "MP612", "live-no-create", "This role may not create a schema in the database.",
        "The Mathesar schema needs CREATE on the database, and nothing more.",
        "As the database's owner run: {grant} Or connect without the Mathesar schema: all but its types works.",
    ),
    warning(
        "MP613", "live-busy", "Too many connections to this server are being tried at this moment.",
        "A server that answers slowly must not hold up everybody else.",
        "Try again in a few seconds.",
    ),
    error(
        "MP614", "live-lost", "The connection was lost.",
        "The server was restarted, or the network failed, while it was at work.",
        "Try again.",
    ),
    error(
        "MP615", "live-container", "Nothing accepts connections at that port of this container.",
        "Mathesar runs in a container, where localhost is the container itself.",
        "Use the other container's or service's name, or host.docker.internal for the machine that runs the container.",
    ),
)  # fmt: skip
