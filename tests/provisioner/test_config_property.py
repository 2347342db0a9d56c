"""Random settings: the environment, the file, and any mixture of both are the same plan and the same findings."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.config_rows import rows
from provisioner.config_show import as_json, as_text
from provisioner.configuration import Configuration, configure
from provisioner.planning import Examination
from provisioner.report import render
from provisioner.text import clean
from provisioner.variables import find
from tests.platforms import environments
from tests.prove import generator
from tests.prove.test_fuzz import own_words
from tests.provisioner.config_files import save, written

ODD = ("", " ", "x", "true", "17", "'quoted'", " trimmed ", "${REF}", "changeme", "a.example.com,*", "é\u0000", "\x7f")
FIXED = {
    "ALLOWED_HOSTS": ("data.example.com", "a.example.com, b.example.com", "*"),
    "CSRF_TRUSTED_ORIGINS": ("https://a.example.com", "http://a.example.com"),
    "DEBUG": ("true", "no"),
    "PORT": ("8080", "70000"),
    "WEB_CONCURRENCY": ("2", "400"),
    "MATHESAR_BIND": ("0.0.0.0:80", "nowhere"),
    "MATHESAR_DATA_DIR": ("/srv/mathesar",),
    "MATHESAR_INCLUDE_DEFAULT_DATABASE": ("false",),
    "MATHESAR_ON_KEY_MISMATCH": ("refuse",),
    "MATHESAR_BLOCK_PRIVATE_HOSTS": ("true",),
    "MATHESAR_ADMIN_USERNAME": ("ada",),
}
SECRET = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "MATHESAR_SETUP_CODE", "MATHESAR_ADMIN_PASSWORD")
URLS = ("DATABASE_URL", "MATHESAR_INTERNAL_DATABASE_URL", "MATHESAR_DATABASE_SALES_URL")


def an_environment(rng: random.Random, planted: str) -> dict[str, str]:
    """Return settings as people might write them, with `planted` in every secret."""
    found = {}
    for name in (*FIXED, *SECRET, *URLS, "MATHESAR_DATABASES"):
        if rng.random() < 0.5:
            continue
        if name in FIXED:
            found[name] = rng.choice(ODD if rng.random() < 0.15 else FIXED[name])
        elif name in SECRET:
            found[name] = rng.choice((planted, planted * 4, f" {planted * 4}\n"))
        else:
            make = generator.databases if name == "MATHESAR_DATABASES" else generator.database_url
            found[name] = make(rng, planted)
    return found


def shown(configuration: Configuration, result: Examination) -> str:
    """Return everything that is ever said about it."""
    found = rows(configuration, result.plan, defaults={})
    said = [as_json(found, configuration, result), as_text(found, configuration, result, color=True, width=80)]
    said += [render(result.findings, fmt, source=configuration.source) for fmt in ("sarif", "github")]
    return "\n".join([*said, repr(configuration), repr(result), repr(found)])


def key_of(name: str) -> str:
    """Return the key for a variable in a file."""
    return find(name).key or name


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("config")


def one(seed: int, folder) -> None:
    rng = random.Random(seed)
    planted = generator.secret(rng)
    around = rng.choice((*environments.ALL.values(), dict, dict))()
    environ = {**around, **an_environment(rng, planted)}
    ours = {name: value for name, value in environ.items() if name in (*FIXED, *SECRET, *URLS, "MATHESAR_DATABASES")}
    theirs = {name: value for name, value in environ.items() if name not in ours}
    expected = configure(environ, implicit=None).examine()

    path = save(folder, written({key_of(name): value for name, value in ours.items()}))
    from_file = configure(theirs, named=path, implicit=None)

    # Whatever the file says besides is hidden by a value that is not blank.
    above = {name: value for name, value in ours.items() if clean(value) is not None and rng.random() < 0.5}
    below = {key_of(name): rng.choice(ODD) if name in above else value for name, value in ours.items()}
    mixed = configure({**theirs, **above}, named=save(folder, written(below)), implicit=None)

    for configuration in (from_file, mixed):
        result = configuration.examine()
        assert result == expected
        places = {item.variable for item in result.findings if configuration.source.written(item)}
        assert places == {item.variable for item in result.findings} & set(configuration.source.lines)
        said = shown(configuration, result)
        fragments = {planted[at : at + 5] for at in range(len(planted) - 4)}
        assert [fragment for fragment in fragments if fragment in said and fragment not in own_words()] == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_environment_file_and_mixture_are_the_same(folder, seed):
    one(seed, folder)


@pytest.mark.prove
def test_hundreds_of_environments(folder):
    """CONFIG_VALUES sets how many, CONFIG_SEED where they begin."""
    start, count = (int(os.environ.get(*each)) for each in (("CONFIG_SEED", "0"), ("CONFIG_VALUES", "300")))
    print(f"{count} environments from seed {start}")
    for seed in range(start, start + count):
        one(seed, folder)
