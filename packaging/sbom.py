"""Write the list of what is in a package or an image (an SBOM), as CycloneDX 1.6 JSON.

`python packaging/sbom.py --site-packages DIR --name NAME --version V --out FILE [--system FILE.tsv] [--lock FILE]`

What is said of Python packages comes from their own metadata in DIR, the libraries inside a wheel from the lists that
it brings along (PEP 770), the system's packages from lines `type<TAB>name<TAB>version<TAB>licence`, with type deb or
generic. The same input gives the same bytes: everything is sorted, the serial number is made from the content, and a
time is written only if SOURCE_DATE_EPOCH says which. Run it with the Python whose packages DIR holds, because markers
such as `python_version < "3.11"` are read with it. It needs the library `packaging`, of requirements-build.lock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

Component = dict[str, Any]
SYSTEM_TYPES = {"deb": "deb/debian", "generic": "generic"}  # → type and namespace of the package URL
SERIAL_NAMESPACE = uuid.UUID("5d0c2d0e-4a9f-5b33-9f3c-6f0f6b6f7a11")


class CannotListError(Exception):
    """What was given is not what a list can be made from; the message says what to do."""


def python_components(site_packages: Path, root: str) -> tuple[dict[str, Component], dict[str, set[str]]]:
    """Return the components of the packages in a folder, by normalised name, and which needs which.

    `root` is the normalised name of the package that the list is of: its extras count as far as they are installed.
    Raises CannotListError for a folder without packages, and for two versions of one package.
    """
    from sbom_metadata import component, installed, needs

    found = installed(site_packages)
    if not found:
        raise CannotListError(f"{site_packages} holds no installed packages (*.dist-info).")
    if twice := sorted(name for name, several in found.items() if len(several) > 1):
        raise CannotListError(f"{site_packages} holds more than one version of {', '.join(twice)}.")
    single = {name: several[0] for name, several in found.items()}
    return {name: component(name, metadata) for name, metadata in single.items()}, needs(single, root)


def system_components(text: str, source: str) -> list[Component]:
    """Return the components of lines `type<TAB>name<TAB>version<TAB>licence`; empty lines are passed over.

    Raises CannotListError naming the line that has another form.
    """
    from sbom_metadata import licence

    components = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 4 or cells[0] not in SYSTEM_TYPES or not (cells[1] and cells[2]):
            raise CannotListError(f"{source}:{number} is not type, name, version and licence, tab between them.")
        kind, name, version, terms = cells
        purl = f"pkg:{SYSTEM_TYPES[kind]}/{quote(name, safe='')}@{quote(version, safe='')}"
        made = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        components.append(made | ({"licenses": licence(terms)} if terms else {}))
    refs = [made["bom-ref"] for made in components]
    if twice := sorted({ref for ref in refs if refs.count(ref) > 1}):
        raise CannotListError(f"{source} lists more than once: {', '.join(twice)}.")
    return components


def locked_hashes(text: str) -> dict[tuple[str, str], list[str]]:
    """Return (normalised name, version) → SHA-256 of each file that a lock accepts, from pip's own format."""
    from packaging.utils import canonicalize_name

    hashes: dict[tuple[str, str], list[str]] = {}
    for block in re.split(r"(?<!\\)\n", text):
        if pinned := re.match(r"([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block):
            files = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
            hashes[canonicalize_name(pinned[1]), pinned[2]] = files
    return hashes


def document(
    name: str, version: str, python: Mapping[str, Component], needs: Mapping[str, set[str]], system: list[Component]
) -> dict[str, Any]:
    """Return the CycloneDX document; a package in the folder of the given name and version is the subject itself.

    The subject depends on whatever nothing else here depends on, and on what its own metadata names.
    """
    from packaging.utils import canonicalize_name

    own = canonicalize_name(name)
    if own in python and python[own]["version"] == version:
        root = python[own] | {"type": "application"}
        python = {key: value for key, value in python.items() if key != own}
    else:
        root = {"type": "application", "bom-ref": f"{name}@{version}", "name": name, "version": version}
    edges = {made["bom-ref"]: {python[other]["bom-ref"] for other in needs[key] if other in python}
             for key, made in python.items()}  # fmt: skip
    edges |= {made["bom-ref"]: set() for made in system}
    direct = {python[other]["bom-ref"] for other in needs.get(own, ()) if other in python}
    edges[root["bom-ref"]] = direct | (set(edges) - set().union(*edges.values()))
    components = sorted([*python.values(), *system], key=lambda made: str(made["bom-ref"]))
    content: dict[str, Any] = {
        "metadata": {"component": root},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(edges[ref])} for ref in sorted(edges)],
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        moment = datetime.fromtimestamp(int(epoch), tz=timezone.utc)
        content["metadata"]["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    serial = uuid.uuid5(SERIAL_NAMESPACE, digest)
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return head | content


def main() -> int:
    """Read the arguments, write the file; 2 with a message where it cannot be made."""
    parser = argparse.ArgumentParser(
        description="Write an SBOM (CycloneDX 1.6) of installed Python and system packages."
    )
    parser.add_argument("--site-packages", type=Path, required=True, help="folder with the *.dist-info folders")
    parser.add_argument("--system", type=Path, help="lines type<TAB>name<TAB>version<TAB>licence; type deb or generic")
    parser.add_argument("--lock", type=Path, help="pip's lock, whose hashes are noted")
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    try:
        import packaging.utils
    except ImportError:
        print("The library packaging is missing: pip install -r requirements-build.lock", file=sys.stderr)
        return 2
    try:
        name = packaging.utils.canonicalize_name(given.name)
        python, needs = python_components(given.site_packages, name)
        system = system_components(given.system.read_text("utf-8"), given.system.name) if given.system else []
        if given.lock:
            hashes = locked_hashes(given.lock.read_text("utf-8"))
            for key, made in python.items():
                if files := hashes.get((key, made["version"])):
                    note_files(made, files, given.lock.name)
        listed = document(given.name, given.version, python, needs, system)
        given.out.write_text(json.dumps(listed, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    except (CannotListError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def note_files(made: Component, files: list[str], lock: str) -> None:
    """Note the hashes a lock accepts: which of these files was installed, a package's metadata does not tell."""
    found = [{"alg": "SHA-256", "content": digest} for digest in files]
    reference = {
        "type": "distribution",
        "url": made["purl"],
        "hashes": found,
        "comment": f"any file that {lock} accepts",
    }
    made["externalReferences"] = [*made.get("externalReferences", ()), reference]


if __name__ == "__main__":
    raise SystemExit(main())
