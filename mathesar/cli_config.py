"""`mathesar config`: what is in force, and a file to begin with."""

from __future__ import annotations

import os

import click

from provisioner.configuration import PRECEDENCE, WHICH_FILE

_SHOW = """Show what is in force, and where each value came from.

Secrets are masked. No database is touched, and nothing is changed. For each variable by itself the first of these
counts; a blank one is not there:

\b
{table}

{which}

Exit status: 0 it would start as it is, or with warnings; 1 errors among the findings.
"""


def _show_help() -> str:
    table = "\n".join(f"{rank}  {what:<24}{how}" for rank, what, how in PRECEDENCE)
    return _SHOW.format(table=table, which=WHICH_FILE)


@click.group()
def config() -> None:
    """Show what is configured, or a file to begin with."""


@config.command(help=_show_help())
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(as_json: bool) -> None:
    """Write the report; its help has the table of precedence."""
    from mathesar import configured
    from mathesar.embedded.data_dir import default_data_dir
    from provisioner import config_show
    from provisioner.config_rows import rows
    from provisioner.terminal import colored, width

    configuration = configured.read()
    examination = configuration.examine()
    local = examination.plan is not None and examination.plan.platform is None
    defaults = {"MATHESAR_DATA_DIR": str(default_data_dir(os.environ))} if local else {}
    found = rows(configuration, examination.plan, option=configured.named(), defaults=defaults)
    if as_json:
        click.echo(config_show.as_json(found, configuration, examination), nl=False)
    else:
        text = config_show.as_text(found, configuration, examination, color=colored(), width=width())
        click.echo(text, nl=False, color=True)
    raise SystemExit(int(any(item.severity == "error" for item in examination.findings)))


@config.command()
def example() -> None:
    """Print a configuration file with every key.

    For instance: mathesar config example | sudo tee /etc/mathesar/mathesar.toml
    """
    from provisioner.config_example import example as text

    click.echo(text(), nl=False)
