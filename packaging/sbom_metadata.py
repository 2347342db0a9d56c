"""What the metadata of installed Python packages says: licence, libraries inside, and what they need."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Classifiers that mean exactly one SPDX licence; "BSD License" is several, so it stays a name.
# The identifiers are those of https://spdx.org/licenses/
CLASSIFIED = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
}
UNTOLD = {"", "UNKNOWN"}
NAME_LIMIT = 80  # characters; older packages put the whole text of their licence into the field


def installed(site_packages: Path) -> dict[str, list[Path]]:
    """Return the `*.dist-info` folders by normalised name: more than one where an old one was left behind."""
    found: dict[str, list[Path]] = defaultdict(list)
    for folder in sorted(site_packages.glob("*.dist-info")):
        if (folder / "METADATA").is_file():
            found[canonicalize_name(PathDistribution(folder).metadata["Name"])].append(folder)
    return dict(found)


def component(name: str, folder: Path) -> dict[str, Any]:
    """Return a package as a CycloneDX component, with the libraries that its wheel says are inside."""
    package = PathDistribution(folder)
    purl = f"pkg:pypi/{name}@{quote(package.version, safe='')}"
    made: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name, "version": package.version, "purl": purl}
    if summary := package.metadata.get("Summary"):
        made["description"] = summary
    if terms := licences(package):
        made["licenses"] = terms
    if inside := bundled(name, folder):
        made["components"] = inside
    return made


def licences(package: Distribution) -> list[dict[str, Any]]:
    """Return CycloneDX's licence choices: an SPDX expression where the metadata gives one, else its words."""
    metadata = package.metadata
    for field in ("License-Expression", "License"):
        told = (metadata.get(field) or "").strip()
        if told not in UNTOLD and is_expression(told):
            return licence(told)
    classes = [line.rpartition("::")[2].strip() for line in metadata.get_all("Classifier") or ()
               if line.startswith("License ::")]  # fmt: skip
    if classes:
        if all(name in CLASSIFIED for name in classes):
            return licence(" OR ".join(sorted({CLASSIFIED[name] for name in classes})))
        return [{"license": {"name": name}} for name in sorted(classes)]
    told = (metadata.get("License") or "").strip()
    return licence(told) if told not in UNTOLD and "\n" not in told and len(told) <= NAME_LIMIT else []


def licence(told: str) -> list[dict[str, Any]]:
    """Return a licence as CycloneDX has it: an expression if it is one of SPDX, else a name."""
    if is_expression(told):
        return [{"expression": canonicalize_license_expression(told)}]
    return [{"license": {"name": told}}]


def is_expression(told: str) -> bool:
    """Tell whether a text is a licence expression whose identifiers SPDX knows."""
    try:
        canonicalize_license_expression(told)
    except InvalidLicenseExpression:
        return False
    return True


def bundled(name: str, folder: Path) -> list[dict[str, Any]]:
    """Return what a wheel's own lists (`*.dist-info/sboms/`, PEP 770) name besides itself: C and Rust libraries."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("sboms/*.json")):
        told = json.loads(file.read_text("utf-8"))
        for part in told.get("components", ()) if told.get("bomFormat") == "CycloneDX" else ():
            kept = {key: part[key] for key in ("type", "name", "version", "purl", "licenses") if part.get(key)}
            if canonicalize_name(part["name"]) != name:
                found[json.dumps(kept, sort_keys=True)] = kept
    return [found[key] for key in sorted(found)]


def needs(folders: Mapping[str, Path], root: str) -> dict[str, set[str]]:
    """Return which package needs which of the others, with the extras that are really asked for.

    Of `root` every extra is taken, as far as it is installed: nothing in the folder says which one was.
    """
    packages = {name: PathDistribution(folder) for name, folder in folders.items()}
    extras: dict[str, set[str]] = {name: set() for name in packages}
    if root in packages:
        extras[root].update(packages[root].metadata.get_all("Provides-Extra") or ())
    edges: dict[str, set[str]] = {name: set() for name in packages}
    pending = sorted(packages)
    while pending:
        name = pending.pop()
        for line in packages[name].requires or ():
            wanted = Requirement(line)
            other = canonicalize_name(wanted.name)
            if other not in packages or other == name:
                continue
            if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras[name])):
                continue
            edges[name].add(other)
            if not wanted.extras <= extras[other]:
                extras[other] |= wanted.extras
                pending.append(other)
    return edges
