"""Generated environment values: nothing crashes, nothing disagrees with libpq, no secret is shown.

FUZZ_VALUES sets how many (200,000 unless told otherwise), FUZZ_SEED where they begin.
"""

from __future__ import annotations

import os
import random
import traceback
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import dj_database_url
import pytest

from provisioner import DatabaseUrl, InvalidEnvironment, parse_database_url, parse_databases
from provisioner.libpq import read_with_psycopg
from provisioner.report import render
from provisioner.text import clean
from tests.prove import generator

VALUES = int(os.environ.get("FUZZ_VALUES", "200000"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
CHUNK = 5000
ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("text", "json", "sarif", "github")


@pytest.mark.prove
def test_generated_values() -> None:
    print(f"{VALUES} values from seed {SEED}")
    starts = range(SEED, SEED + VALUES, CHUNK)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(run, starts, [min(CHUNK, SEED + VALUES - start) for start in starts]))
    faults = [fault for found, _, _ in outcomes for fault in found]
    accepted, refused = (sum(outcome[index] for outcome in outcomes) for index in (1, 2))
    print(f"{accepted} accepted, {refused} refused")
    assert faults == []
    # the generator must keep reaching both sides
    assert accepted > VALUES // 20
    assert refused > VALUES // 20


def run(start: int, count: int) -> tuple[list[str], int, int]:
    """Try ``count`` seeds; return what went wrong (seed and kind), and how many were accepted and refused."""
    faults, accepted, refused = [], 0, 0
    for seed in range(start, start + count):
        rng = random.Random(seed)
        planted = generator.secret(rng)
        is_list = rng.random() < 0.2
        profile = rng.choice(("paas", "paas", "local"))
        value = (generator.databases if is_list else generator.database_url)(rng, planted)
        try:
            result = (parse_databases if is_list else parse_database_url)(value, profile=profile)
        except InvalidEnvironment as invalid:
            refused += 1
            shown = [
                str(invalid),
                repr(invalid),
                repr(invalid.findings),
                "".join(traceback.format_exception(invalid)),
            ]
            every = FORMATS if seed % 10 == 0 else FORMATS[seed % 4 : seed % 4 + 1]
            shown += [render(invalid.findings, form) for form in every]
        except Exception as crash:
            faults.append(f"seed {seed}: crash {type(crash).__name__}")
            continue
        else:
            accepted += result is not None and result != ()
            shown = [repr(result)]
            if isinstance(result, DatabaseUrl):
                shown += [repr(result.warnings), render(result.warnings, "json")] if result.warnings else []
                faults += [f"seed {seed}: {kind}" for kind in disagreements(value, result, profile)]
        text = "\n".join(shown)
        fragments = {planted[at : at + 5] for at in range(len(planted) - 4)}
        if any(fragment in text and fragment not in own_words() for fragment in fragments):
            faults.append(f"seed {seed}: a secret is shown")
    return faults, accepted, refused


@cache
def own_words() -> str:
    """Return everything that we may say ourselves: in millions of random secrets some fragments stand there too."""
    return "\n".join(path.read_text() for room in ("provisioner", "tests") for path in (ROOT / room).rglob("*.py"))


def disagreements(value: str, url: DatabaseUrl, profile: str) -> list[str]:
    """Compare an accepted URL with the readings of psycopg, of dj-database-url, and with itself."""
    found = []
    cleaned = clean(value)
    assert cleaned is not None
    if as_libpq(url, read_with_psycopg(cleaned.text)) is not True:
        found.append("libpq reads it otherwise")
    canonical = url.canonical()
    if not url.host.startswith("/") and parse_database_url(canonical, profile=profile) != url:
        found.append("its canonical form reads otherwise")
    if "," not in url.host:
        other = dj_database_url.parse(canonical)
        parts = (
            other["HOST"].lower(),
            str(other["PORT"] or 5432),
            other["USER"],
            other["PASSWORD"],
            other["NAME"],
        )
        if parts != (url.host.lower(), url.port, url.user, url.password.get_secret_value(), url.dbname):
            found.append("dj-database-url reads its canonical form otherwise")
    return found


def as_libpq(url: DatabaseUrl, reading: dict[str, str] | None) -> bool:
    if reading is None:
        return False
    hosts = url.host.split(",")
    ports = [str(int(port)) if port else "5432" for port in reading.pop("port", "").split(",")]
    if "sslrootcert" in url.params:
        reading["sslmode"] = "verify-full"
    return (
        reading.pop("host") == url.host
        and ",".join(ports * len(hosts) if len(ports) == 1 else ports) == url.port
        and reading.pop("user") == url.user
        and reading.pop("password") == url.password.get_secret_value()
        and reading.pop("dbname") == url.dbname
        and reading == url.params
    )
