"""Messages of our images, where the data directory is a volume: MP541 to MP549."""

from provisioner.catalogue.rule import Rule, error, warning

_PAGE = "packaging/images/README.md"

RULES: tuple[Rule, ...] = (
    error(
        "MP541", "volume-unusable", "The volume at {folder} cannot be written by user {uid}; its owner is {owner}.",
        "Key, internal database and the embedded PostgreSQL live there, and the image runs as user 10001.",
        "Give it a named volume, as in -v mathesar:{folder}, and no --user; a folder of the host first needs: "
        "chown -R 10001:10001 FOLDER. It needs free space, too.",
    ),
    error(
        "MP542", "image-user", "The PostgreSQL of this image runs as user 10001 alone, and it was started as {uid}.",
        "PostgreSQL refuses root, and every user whom the image's /etc/passwd does not name.",
        "Leave out --user, or set DATABASE_URL: without a PostgreSQL of its own the image runs as any user.",
    ),
    error(
        "MP543", "image-major", "PostgreSQL {written} wrote this volume, and this image holds PostgreSQL {present}. No "
        "data was touched.",
        "Only the major version that wrote PostgreSQL's data can open them; they move by a dump.",
        "Start the earlier image once more and write one: docker exec NAME mathesar postgres pg_dumpall > dump.sql. "
        f"How this image takes it in stands in {_PAGE}, Another PostgreSQL.",
    ),
    warning(
        "MP544", "volume-nameless", "The volume at {folder} has no name: the data are lost with the container.",
        "Docker gives such a volume to every new container, also to that of an upgrade, and removes it with --rm.",
        "Name it: docker run -v mathesar:{folder} …",
    ),
    warning(
        "MP545", "volume-container", "There is no volume at {folder}: the data are lost with the container.",
        "Key, databases and configuration are written into the container itself.",
        "Give it one: docker run -v mathesar:{folder} …",
    ),
)  # fmt: skip
