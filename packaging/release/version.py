"""Whether this commit may be released: `version.py [TAG]`. The tag is the version in pyproject.toml after a v, and
CHANGELOG.md has a dated section of that version with something in it, which becomes the release's notes in OUT.

Without a tag, for a dry run, the section may still be headed Unreleased.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORM = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")  # of PEP 440; a pre-release is another to Debian and SemVer


def version(project: str) -> str:
    """Return the version that pyproject.toml names. Raises ValueError for none, or another form."""
    found = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    if not found or not FORM.fullmatch(found[1]):
        raise ValueError("pyproject.toml: the version is not of the form 1.2.3 or 1.2.3rc1.")
    return found[1]


def notes(changelog: str, number: str, *, tagged: bool) -> str:
    """Return what the changelog says of a version. Raises ValueError where it says nothing."""
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    by_heading = {section.partition("\n")[0].strip(): section.partition("\n")[2].strip() for section in sections}
    dated = re.compile(rf"\[{re.escape(number)}\] - \d{{4}}-\d\d-\d\d")
    heading = next((name for name in by_heading if dated.fullmatch(name)), None)
    if heading is None and not tagged and "[Unreleased]" in by_heading:
        heading = "[Unreleased]"
    if heading is None:
        raise ValueError(f"CHANGELOG.md has no section headed: ## [{number}] - YYYY-MM-DD")
    if not by_heading[heading]:
        raise ValueError(f"CHANGELOG.md says nothing under {heading}.")
    if tagged and by_heading.get("[Unreleased]"):
        raise ValueError(f"CHANGELOG.md still has something under [Unreleased]: move it to {heading}.")
    return by_heading[heading]


def main() -> int:
    """Check, write the notes, print the version; 1 with a message where it may not be released."""
    tag = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        number = version((ROOT / "pyproject.toml").read_text("utf-8"))
        if tag is not None and tag != f"v{number}":
            raise ValueError(f"The tag is {tag}, the version in pyproject.toml {number}: the tag has to be v{number}.")
        text = notes((ROOT / "CHANGELOG.md").read_text("utf-8"), number, tagged=tag is not None)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    out = ROOT / os.environ.get("OUT", "dist")
    out.mkdir(parents=True, exist_ok=True)
    (out / "notes.md").write_text(text + "\n", encoding="utf-8")
    print(number)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
