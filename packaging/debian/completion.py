"""Write the bash completion of `mathesar` or `provisioner`, as click makes it: `completion.py NAME`."""

from __future__ import annotations

import sys
from importlib import import_module

from click.shell_completion import BashComplete


class Source(BashComplete):
    """Click's own, without asking the building machine for its bash."""

    @staticmethod
    def _check_version() -> None:
        """The distributions' bash is newer than the 4.4 that it needs."""


if __name__ == "__main__":
    name = sys.argv[1]
    command = import_module(f"{name}.cli").main
    print(Source(command, {}, name, f"_{name.upper()}_COMPLETE").source())
