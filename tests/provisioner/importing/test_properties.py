"""Whatever stands in an old file: the same password for libpq, every variable told, no secret in what is told."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner import libpq
from provisioner.dsn import parse_database_url
from provisioner.importing import quoting, report, writing
from provisioner.importing.conversion import writable
from provisioner.importing.dotenv import read_dotenv
from provisioner.importing.old_names import OLD_NAMES
from provisioner.importing.outcome import Old, Read
from provisioner.secret import Secret
from provisioner.text import is_placeholder
from provisioner.variables import known_names
from tests.provisioner.importing import importing, other_readers

NASTY = st.text(st.sampled_from("aZ09 @/:#%?&=|(),'\"$\\{}[]!~`^*+;<>.-_ü€\u0301😀"), min_size=1, max_size=40)
TEXTS = st.one_of(NASTY, st.text(max_size=60))
NAMES = st.one_of(
    st.sampled_from(sorted({*OLD_NAMES, *known_names()})),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True),
)
TARGETS = st.sampled_from([None, "render", "heroku", "compose"])
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@MANY
@given(password=NASTY, user=st.text(st.sampled_from("abc@:/%é-_"), min_size=1, max_size=12))
def test_libpq_reads_the_parts_back(password: str, user: str) -> None:
    parts = {"host": "db.example.com", "port": "5433", "user": user, "dbname": "tables %/x", "password": password}
    names = {OLD_NAMES[name].words: name for name in OLD_NAMES if OLD_NAMES[name].kind == "part"}
    text = "".join(f"{names[part]}={quoting.quoted(value)}\n" for part, value in parts.items())
    url = importing.values(importing.convert_text(text))["MATHESAR_INTERNAL_DATABASE_URL"]
    assert libpq.read(url) == parts
    if not is_placeholder(password):
        read = parse_database_url(url, profile="local")
        assert read is not None
        assert read.password.get_secret_value() == password


@MANY
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80).filter(writable))
def test_what_is_written_is_read_back(text: str) -> None:
    line = f"NAME={quoting.quoted(text)}\n"
    assert importing.reread(line) == {"NAME": text}
    assert [old.text for old in read_dotenv(line, ".env").variables] == [text]


@MANY
@given(old=st.dictionaries(NAMES, TEXTS, max_size=8), target=TARGETS)
def test_nothing_is_lost_and_no_secret_is_told(old: dict[str, str], target: str | None) -> None:
    marked = {name: f"sEcReT{value}" for name, value in old.items()}
    for given_values in (old, marked):
        read = Read(tuple(Old(name, Secret(value), ".env:1") for name, value in given_values.items()))
        imported = importing.convert_read(read, target)
        assert [each.name for each in imported.outcomes] == list(given_values)
        for each in imported.outcomes:
            assert set(each.to) <= {*importing.values(imported), *given_values}
        written = writing.render(imported, "env")
        assert importing.reread(written) == importing.values(imported)
        assert other_readers.compose(written) == importing.values(imported)
    said = repr(imported) + "".join(
        report.render(imported, fmt, written=None, color=False, width=80) for fmt in ("text", "json")
    )
    assert "sEcReT" not in said


@MANY
@given(text=st.one_of(st.text(max_size=300), st.lists(st.tuples(NAMES, TEXTS), max_size=6).map(
    lambda pairs: "\n".join(f"{name}={value}" for name, value in pairs))))  # fmt: skip
def test_any_text_is_read_without_raising(text: str) -> None:
    imported = importing.convert_text(text)
    assert len(imported.outcomes) == len({each.name for each in imported.outcomes})
