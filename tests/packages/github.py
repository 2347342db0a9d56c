"""GitHub's command as far as a release calls it, in place of that service: `github.py FOLDER release list|create|…`
keeps the releases as files in a folder."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.packages.release import ROOT, program

QUERY = r'.[] | "\(.tagName) \(.isDraft) \(.isPrerelease)"'  # the only one that it understands
VALUED = ("--limit", "--json", "--jq", "--title", "--notes-file")


def stand_in(tools: Path, folder: Path, released: list[str]) -> str:
    """Put it in front of PATH as `gh`, with releases like ``v1.2.3``, ``v1.3.0rc1 pre`` and ``v1.3.0 draft``."""
    folder.mkdir()
    for number, each in enumerate(released):
        tag, _, kind = each.partition(" ")
        keep(folder / str(number), tagName=tag, isDraft=kind == "draft", isPrerelease=kind == "pre")
    return program(tools, "gh", f'PYTHONPATH={ROOT} exec {sys.executable} {__file__} {folder} "$@"\n')


def keep(place: Path, **facts: Any) -> None:
    """Change what is known of a release."""
    place.mkdir(exist_ok=True)
    file = place / "facts.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**before, **facts}))


def known(place: Path) -> dict[str, Any]:
    """Return what is known of a release, and its files' names as `assets`."""
    facts = json.loads((place / "facts.json").read_text())
    return {**facts, "assets": sorted(file.name for file in place.iterdir() if file.name != "facts.json")}


def main(folder: Path, words: list[str]) -> int:
    """Do what a command says."""
    given = {word.partition("=")[0]: word.partition("=")[2] for word in words if word.startswith("--")}
    plain = []
    for before, word in zip(["", *words], words, strict=False):
        if before in VALUED:
            given[before] = word
        elif not word.startswith("--"):
            plain.append(word)
    places = [place for place in sorted(folder.iterdir()) if place.is_dir()]
    if plain[:2] == ["release", "list"]:
        if given["--jq"] != QUERY:
            return 1
        for place in places:
            facts = known(place)
            print(*(json.dumps(facts[key]).strip('"') for key in ("tagName", "isDraft", "isPrerelease")))
        return 0
    _, verb, tag, *files = plain
    if verb == "create":
        keep(folder / str(len(places)), tagName=tag, isDraft="--draft" in given, isPrerelease="--prerelease" in given)
        return 0
    place = next(place for place in places if known(place)["tagName"] == tag)
    if verb == "upload":
        for file in files:
            if (folder / "full").exists() or ((place / Path(file).name).exists() and "--clobber" not in given):
                return 1
            shutil.copy(file, place)
    if verb == "edit":
        keep(place, isDraft=given["--draft"] != "false", latest=given["--latest"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
