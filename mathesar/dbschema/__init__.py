"""The Mathesar schema inside a user's database: its types and functions, installed, upgraded and removed whole.

Two schemas, made with no more than CREATE on the database: `mathesar_types` for the types of columns, `msar` for
functions. All that was made is recorded in the database itself, by `mathesar_types.installed()`, so that nothing else
is ever changed or dropped. Every function takes an idle psycopg connection in autocommit.
"""

from mathesar.dbschema.dependents import Dependent, dependents
from mathesar.dbschema.errors import Busy, Foreign, InUse, Lost, NoCreate, NotOwner, Remains, SchemaError
from mathesar.dbschema.install import install
from mathesar.dbschema.shipped import VERSION
from mathesar.dbschema.state import State, grant_statement, may_install, read_state
from mathesar.dbschema.uninstall import uninstall

__all__ = [
    "VERSION",
    "Busy",
    "Dependent",
    "Foreign",
    "InUse",
    "Lost",
    "NoCreate",
    "NotOwner",
    "Remains",
    "SchemaError",
    "State",
    "dependents",
    "grant_statement",
    "install",
    "may_install",
    "read_state",
    "uninstall",
]
