"""Write a man page from a command's own help: `manual.py mathesar > mathesar.1`."""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib import import_module

import click

SEE = {"mathesar": "provisioner", "provisioner": "mathesar"}
SERVICE = """\
On Debian and Ubuntu this command works on the service's own database: run it as root (sudo). It reads
/etc/mathesar/mathesar.env and goes on as the user mathesar."""
CHECKER = "On Debian and Ubuntu it reads /etc/mathesar/mathesar.env as well when root runs it."


def roff(text: str) -> str:
    """Escape what troff would take for its own: backslashes, hyphens, and a dot or quote that opens a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", text)
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a docstring as troff's; by ``\\b`` click marks lines that stay, by ``\\f`` the end."""
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text.partition("\f")[0])):
        words = roff(part.removeprefix("\b\n").strip())
        if words:
            yield f".PP\n.nf\n{words}\n.fi" if part.startswith("\b\n") else f".PP\n{words}"


def options(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield each option with its help, as click shows them."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record:
            yield f".TP\n\\fB{roff(record[0])}\\fR\n{roff(record[1])}"


def sections(group: click.Group, context: click.Context) -> Iterator[str]:
    """Yield a section for each command, and for those of a group after the group's own."""
    for label, command in sorted(group.commands.items()):
        inner = click.Context(command, info_name=label, parent=context)
        usage = " ".join([inner.command_path, *command.collect_usage_pieces(inner)])
        yield f".SS {roff(usage)}"
        yield from paragraphs(command.help or "")
        yield from options(command, inner)
        if isinstance(command, click.Group):
            yield from sections(command, inner)


def page(name: str, command: click.Group, version: str, date: str) -> str:
    """Return the whole page; the subcommands are sections of it."""
    context = click.Context(command, info_name=name)
    words = inspect.cleandoc(command.help or "").splitlines()[0].rstrip(".")
    words = words.removeprefix("Mathesar: ")
    lines = [f'.TH {name.upper()} 1 "{date}" "mathesar {version}" "User Commands"', ".nh"]
    lines += [".SH NAME", f"{name} \\- {roff(words)}", ".SH SYNOPSIS", f"\\fB{name}\\fR [OPTIONS] COMMAND [ARGS]..."]
    lines += [".SH DESCRIPTION", *paragraphs(command.help or "")]
    lines += [".PP\n" + roff(SERVICE if name == "mathesar" else CHECKER)]
    lines += [".SH OPTIONS", *options(command, context), ".SH COMMANDS"]
    lines += sections(command, context)
    lines += [
        ".SH FILES",
        ".TP\n.I /etc/mathesar/mathesar.env\nThe service's settings; every variable is explained in it.",
        ".TP\n.I /etc/mathesar/mathesar.toml\nThe same as TOML, behind those of mathesar.env; there is none at first. "
        "An example is in\n.IR /usr/share/doc/mathesar/examples .",
    ]
    lines += [".TP\n.I /var/lib/mathesar\nThe key, and the internal database where no PostgreSQL is named for it."]
    lines += [".SH SEE ALSO", f".BR {SEE[name]} (1)"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from importlib.metadata import version as installed

    name = sys.argv[1]
    built = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), tz=timezone.utc)
    print(page(name, import_module(f"{name}.cli").main, installed("mathesar"), f"{built:%Y-%m-%d}"), end="")
