"""Messages about a platform and the plan: MP4xx."""

from provisioner.catalogue.rule import Rule, error, warning

_NEW_KEY = "openssl rand -base64 48"

RULES: tuple[Rule, ...] = (
    error(
        "MP401",
        "database-missing",
        "{variable} is not set, and Mathesar keeps its own tables in that database.",
        "On a platform the disk does not last, so no embedded database takes its place.",
        "Set {variable} to the URL of a PostgreSQL database.",
        render="In the Dashboard open the database → Connect → Internal, and set it as {variable} under the "
        "service's Environment; in render.yaml use fromDatabase with property: connectionString.",
        railway="Add PostgreSQL to the project, then set {variable} to ${{{{Postgres.DATABASE_URL}}}} under Variables.",
        digitalocean="Attach a database to the app, and bind it in the spec: key: {variable}, value: "
        "${{db.DATABASE_URL}}.",
        heroku="heroku addons:create heroku-postgresql:essential-0",
        cloudron="The addon postgresql sets CLOUDRON_POSTGRESQL_URL: name it under addons in CloudronManifest.json.",
        fly="Run fly mpg attach, which sets {variable} as a secret.",
        dokku="Run dokku postgres:link, which sets {variable}.",
    ),
    error(
        "MP402",
        "conn-budget",
        "This many processes need more connections than the database's limit of {limit} leaves.",
        "While a new release takes over from the old one, both keep their pools open; 3 connections are kept "
        "for the server's own use and 2 for migrations.",
        "Set {variable} to {most} or less, or choose a larger database plan.",
    ),
    warning(
        "MP403",
        "memory-budget",
        "This many processes need more memory than the smallest plan's {memory} MB leaves.",
        "A process that runs out of memory is killed with its requests.",
        "Lower {variable}, or be sure that the plan in use is larger.",
    ),
    error(
        "MP404",
        "tls-ceiling",
        "The platform's own PostgreSQL has a certificate that cannot be verified, so verify-ca and "
        "verify-full never connect.",
        "Its certificate is self-signed, or signed by an authority that this machine does not have.",
        "Use sslmode=require: encrypted, but unverified.",
        digitalocean="Bind the authority as well, in the spec: key: CA_CERT, value: ${{db.CA_CERT}}; or use "
        "sslmode=require.",
    ),
    error(
        "MP405",
        "platform-ambiguous",
        "The environment has the markers of {labels} at once.",
        "Hosts, ports and limits differ, so neither can be taken for granted.",
        "Remove the markers of the other one, or choose with --platform.",
    ),
    warning(
        "MP406",
        "shutdown-window",
        "The platform kills the old release before its requests have finished.",
        "Between SIGTERM and SIGKILL requests in flight need some seconds; on Railway there are none unless "
        "this variable gives them.",
        "Set {variable} to 30.",
        railway="Set {variable} to 30 under the service's Variables.",
    ),
    warning(
        "MP407",
        "hosts-missing",
        "No public host name is known, so pages answer 400 until there is one; health checks work.",
        "Only exact host names are answered, so that forged Host headers get nothing.",
        "Set ALLOWED_HOSTS to the site's host name.",
        render="Render sets {variable} for web services; set ALLOWED_HOSTS for a custom domain.",
        railway="Settings → Networking → Generate Domain, then redeploy; or set ALLOWED_HOSTS.",
        digitalocean="Bind it in the spec: key: APP_DOMAIN, value: ${{APP_DOMAIN}}; or set ALLOWED_HOSTS.",
    ),
    warning(
        "MP408",
        "secret-generated",
        "{variable} is not set: a key is made at the first start and kept wrapped in the internal database.",
        "This platform's templates cannot generate a secret. The key opens only with the internal database's "
        "password, so stored passwords must be typed again after that changes.",
        f"To hold the key yourself, set {{variable}} to the output of: {_NEW_KEY}",
        digitalocean="To hold the key yourself, add {variable} as an encrypted variable of the app, with the "
        f"output of: {_NEW_KEY}",
    ),
    warning(
        "MP409",
        "similar-name",
        "Nothing reads {variable}; {meant} is not set. Is it meant?",
        "A misspelt name is as if the variable were absent.",
        "Rename it to {meant}, or remove it.",
    ),
    warning(
        "MP410",
        "superseded",
        "Nothing reads {variable} here.",
        "Other installations of Mathesar use this name.",
        "Set {meant} instead.",
    ),
    error(
        "MP411",
        "bind-invalid",
        "The value is not an address and a port.",
        "It is where the server listens.",
        "Write it as 127.0.0.1:8000, 0.0.0.0:8000 or [::]:8000.",
    ),
    error(
        "MP412",
        "proxy-hosts-missing",
        "Behind a proxy the site has a name, and {variable} does not say it.",
        "Only exact host names are answered then, and links and redirects lead to https:// and the name.",
        "Set {variable} to the name under which people reach the proxy, as data.example.com; or remove "
        "MATHESAR_BEHIND_PROXY where there is none.",
    ),
)
