"""Write /etc/mathesar/mathesar.env as the package brings it: every variable, commented out."""

from __future__ import annotations

import textwrap

from provisioner.variables import VARIABLES

HEAD = """\
The settings of the service mathesar, and of `sudo mathesar …` and `sudo provisioner check`: one NAME=value a
line. Check them with `sudo provisioner check`, then `sudo systemctl restart mathesar`.

As they come, the service keeps its own tables and its key in /var/lib/mathesar (SQLite), answers on 127.0.0.1:8000
alone, and people add their databases on its page. Upgrades leave this file as it is. It may hold passwords: keep it
0640, root:mathesar. `provisioner explain NAME` says more; of each, NAME_FILE may name a file that holds the value."""
WIDTH = 110


def settings_file() -> str:
    """Return the file's text; each variable with what it is, its default and an example."""
    blocks = ["\n".join(f"# {line}".rstrip() for line in HEAD.splitlines())]
    for each in VARIABLES:
        words = f"{each.what} Default: {each.default}."
        lines = textwrap.wrap(words, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
        blocks.append("\n".join([*lines, f"#{each.name}={each.example}"]))
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    print(settings_file(), end="")
