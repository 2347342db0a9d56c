"""The SQL that would put something right: complete, quoted, to be pasted. Nothing here is ever run."""

from __future__ import annotations


def grant_create_on_database(database: str, role: str) -> str:
    """Return what lets a role create schemas and trusted extensions."""
    return f"GRANT CREATE ON DATABASE {identifier(database)} TO {identifier(role)};"


def grant_create_on_schema(schema: str, role: str) -> str:
    """Return what lets a role create tables in a schema."""
    return f"GRANT USAGE, CREATE ON SCHEMA {identifier(schema)} TO {identifier(role)};"


def grant_role(owner: str, role: str) -> str:
    """Return what lets a role do all that another may."""
    return f"GRANT {identifier(owner)} TO {identifier(role)};"


def allow_databases(role: str) -> str:
    """Return what lets a role create databases."""
    return f"ALTER ROLE {identifier(role)} CREATEDB;"


def identifier(name: str) -> str:
    """Quote a name. One with characters that a terminal would not show comes as U&"…", so that it can be pasted."""
    if name.isprintable():
        return '"' + name.replace('"', '""') + '"'
    plain = name.replace("\\", "\\\\").replace('"', '""')
    return 'U&"' + "".join(each if each.isprintable() else f"\\+{ord(each):06X}" for each in plain) + '"'


def shown(name: str) -> str:
    """Return a name that a server gave as a terminal may show it: nothing in it moves the cursor."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
