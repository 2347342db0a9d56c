"""Specs and schemas that the platforms' manifest tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisioner.spec import AppSpec
from provisioner.spec_mathesar import mathesar

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = f"ghcr.io/example/published@{DIGEST}"
FORK = "https://github.com/example/mathesar-fork"

FLAVOURS: dict[str, AppSpec] = {
    "built": mathesar(),
    "image": mathesar(image=IMAGE),
    "second": mathesar(name="staff-data", repository=FORK),
    "second-image": mathesar(name="staff-data", image=IMAGE, repository=FORK),
}
flavours = pytest.mark.parametrize("spec", FLAVOURS.values(), ids=FLAVOURS)


def official(path: str) -> Any:
    """Return a platform's official schema, which is not part of the project; skip where it is absent."""
    file = SHARED / "schemas" / path
    if not file.is_file():
        pytest.skip(f"the official schema {path} is not here: it is no part of the project")
    return json.loads(file.read_text(encoding="utf-8"))


def corpus(platform: str) -> list[Path]:
    """Return the real manifests of one platform; none where they are absent."""
    return sorted(path for path in (SHARED / "corpus" / "manifests" / platform).glob("*") if path.is_file())
