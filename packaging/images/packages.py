"""Make the installed packages small and quick to start: run with the virtual environment's Python in the
build, as `python -P -X no_debug_ranges`: what is installed is imported then, not what lies beside this file, and
bytecode is a fifth smaller, for want of the columns that a traceback could underline.

First what this application never opens goes. Then every module of it is imported, and so is every module that those
need: what still imports has lost nothing. Exactly these modules get bytecode; any other one works from its source.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import py_compile
import shutil
import sys
import sysconfig
from pathlib import Path

# Every page is English (USE_I18N is off), there is no admin site and no geography, and Ninja's viewers are off.
UNUSED = (
    "django/**/*.mo", "django/**/*.po", "django/conf/locale/[!e_]*", "django/conf/locale/e[!n]*",
    "django/contrib/*/locale", "django/db/backends/mysql", "django/db/backends/oracle",
    "ninja/static", "ninja/templates",
    *(f"django/contrib/{name}" for name in (
        "admin", "admindocs", "flatpages", "gis", "humanize", "postgres", "redirects", "sitemaps", "syndication",
    )),
    "yaml/_yaml.*",  # the reader in C, which we do not use: ours remembers the place of every value
    "cffi/[!_]*", "cffi/_[!_]*", "pycparser/[!_]*",  # they compile; what cryptography calls is _cffi_backend
    "**/*.pyi", "**/*.pyx", "**/*.pxd",
)  # fmt: skip
OWN = ("mathesar", "provisioner", "platforms")
# What is imported by name while it runs.
BY_NAME = (
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.staticfiles",
    "django.core.management.commands", "django.db.backends", "django.db.migrations", "django.template", "django.views",
    "encodings", "gunicorn.workers", "psycopg", "psycopg_pool",
)  # fmt: skip


def main() -> None:
    """Remove, import, compile. Raises whatever keeps a module of ours from being imported."""
    if not sys.flags.safe_path:
        raise SystemExit("run it with -P: sources beside it would be imported in place of the installed packages")
    site = Path(sysconfig.get_path("purelib"))
    for path in [path for pattern in UNUSED for path in site.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    os.environ.update(DJANGO_SETTINGS_MODULE="mathesar.settings", MATHESAR_DATA_DIR="/tmp/packages")  # noqa: S108
    import django

    django.setup()
    for name in OWN:
        for module in _modules(name):
            importlib.import_module(module)
    for name in BY_NAME:
        for module in _modules(name):
            try:
                importlib.import_module(module)
            except Exception as error:  # for another database, another server, another system
                print(f"{module} stays source: {type(error).__name__}")
    files = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    for file in sorted(file for file in files if file.endswith(".py")):
        py_compile.compile(file, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def _modules(name: str) -> list[str]:
    """Return a package and the modules in it, but for programs."""
    package = importlib.import_module(name)
    found = [module.name for module in pkgutil.walk_packages(package.__path__, f"{name}.", onerror=lambda _: None)]
    return [name, *(module for module in found if not module.endswith("__main__"))]


if __name__ == "__main__":
    main()
