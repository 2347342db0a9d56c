"""``provisioner buttons``: deploy buttons for a README or a web page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from .buttons import Button

FORMATS = ("markdown", "html", "json")


@click.command(short_help="Print the deploy buttons, this repository's or a fork's.")
@click.option("--repo", metavar="URL", help="The repository to deploy: your fork's, for buttons that deploy your fork.")
@click.option("--image", metavar="REF", help="The published image (name@sha256:…) that the manifests deploy.")
@click.option("--platform", metavar="P", multiple=True, help="These platforms alone; may be given several times.")
@click.option("--into", metavar="F", help="Put them into this Markdown file, between its two comments for them.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="markdown", show_default=True)
def buttons(repo: str | None, image: str | None, platform: tuple[str, ...], into: str | None, fmt: str) -> None:
    """Print the deploy buttons; each names its repository or image, so that it works from any page.

    Exit status: 0 printed; 2 wrong usage.
    """
    import json
    from dataclasses import asdict

    from .buttons import buttons as all_buttons
    from .cli_manifests import make_spec
    from .platform import registered

    spec = make_spec(image, "mathesar", repo)
    if unknown := [name for name in platform if name not in registered()]:
        known = ", ".join(registered())
        raise click.BadParameter(f"no platform {unknown[0]!r} is installed; known: {known}", param_hint="'--platform'")
    made = {name: each for name, each in all_buttons(spec).items() if not platform or name in platform}
    if into is not None:
        _fill(into, list(made.values()))
        return
    if fmt == "json":
        click.echo(json.dumps({name: asdict(each) for name, each in made.items()}, indent=2))
        return
    for name in platform:
        if name not in made:
            click.echo(f"{name} has no button; see platforms/{name}/README.md.", err=True)
    for each in made.values():
        click.echo(each.markdown() if fmt == "markdown" else each.html())


def _fill(path: str, made: list[Button]) -> None:
    from .buttons import fill

    try:
        text = Path(path).read_text(encoding="utf-8")
        Path(path).write_text(fill(text, made), encoding="utf-8")
    except OSError as problem:
        raise click.BadParameter(f"{path}: {problem.strerror}", param_hint="'--into'") from None
    except ValueError as problem:
        raise click.BadParameter(f"{path}: {problem}", param_hint="'--into'") from None
    click.echo(f"{path}: {len(made)} buttons")
