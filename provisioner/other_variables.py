"""Variables that no plan is made of: those that one command reads, and those that a generated manifest sets.

``provisioner explain`` tells them like the others; they have no key in the configuration file and no NAME_FILE.
"""

from __future__ import annotations

from .variables import Variable

_MANIFEST = "mathesar start, on a platform; what `provisioner manifests` writes sets it"

OTHER_VARIABLES: tuple[Variable, ...] = (
    Variable(
        "MATHESAR_BACKUP_PASSPHRASE",
        "secret",
        "The passphrase under which a backup holds the key of its install, so that it opens anywhere.",
        "(six words of a word list)",
        default="none: the backup opens only where the same SECRET_KEY is set",
        read_by="mathesar backup, mathesar restore",
    ),
    Variable(
        "MATHESAR_UPDATE_URL",
        "address",
        "The page of a mirror that tells the newest release, as GitHub's API does.",
        "https://mirror.example.com/releases/latest",
        default="the releases of this project's repository",
        read_by="mathesar update-check",
    ),
    Variable(
        "APP_PLATFORM",
        "name",
        "The platform that this runs on, for those that cannot be told by a variable of their own.",
        "kubernetes",
        read_by=_MANIFEST,
    ),
    Variable(
        "APP_URL",
        "address",
        "The address that people reach this at. Where it begins with https://, the X-Forwarded-Proto of the proxy "
        "before it is believed.",
        "https://data.example.com",
        read_by=f"{_MANIFEST} (AWS, Docker Compose, DigitalOcean, Kubernetes)",
    ),
    Variable(
        "APP_DOMAIN",
        "name",
        "The app's host; it counts before APP_URL.",
        "mathesar-k3v7q.ondigitalocean.app",
        read_by=f"{_MANIFEST} (DigitalOcean)",
    ),
    Variable(
        "APP_MEMORY_MB",
        "integer",
        "The memory of one instance in MiB, from which the number of workers follows.",
        "512",
        read_by=f"{_MANIFEST} (Kubernetes)",
    ),
    Variable(
        "APP_CONNECTION_LIMIT",
        "integer",
        "How many connections to its databases one instance may hold.",
        "20",
        read_by=f"{_MANIFEST} (Kubernetes)",
    ),
    Variable(
        "CA_CERT",
        "certificate",
        "The certificate of the authority that signed the managed PostgreSQL's, as PEM text; with it the server's "
        "name is checked too.",
        "-----BEGIN CERTIFICATE----- …",
        read_by=f"{_MANIFEST} (AWS, DigitalOcean)",
    ),
)
OTHER_BY_NAME = {variable.name: variable for variable in OTHER_VARIABLES}
