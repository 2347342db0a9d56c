"""One meaning for a database URL: each kind of fault and warning, by small cases."""

from __future__ import annotations

import traceback

import dj_database_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner import DatabaseUrl, InvalidEnvironment, parse_database_url
from provisioner.hosts import Profile

APP = "postgresql://app:s3cretPW@"
QUERY = APP + "db.example.com/one?"

REFUSED = [
    ("scheme", "mysql://app:pw@h/d"),
    ("scheme", "POSTGRES://app:pw@h/d"),
    ("scheme", "sqlite:///x.db"),
    ("scheme", "DATABASE_URL=postgresql://app:pw@h/d"),
    ("scheme", "psql 'postgresql://app:pw@h/d'"),
    ("scheme", "\u201cpostgresql://app:pw@h/d\u201d"),
    ("no-user", "postgresql://db.example.com/d"),
    ("no-user", "postgresql://:pw@h/d"),
    ("no-password", "postgresql://app@h/d"),
    ("no-host", APP + "/d"),
    ("no-host", APP + "h1,,h2/d"),
    ("no-host", APP + "h1,/d"),
    ("no-dbname", APP + "h"),
    ("no-dbname", APP + "h?sslmode=require"),
    ("password-needs-encoding", "postgresql://app:p@ss@h/d"),
    ("password-needs-encoding", "postgresql://app:p/ss@h/d"),
    ("percent-encoding", "postgresql://app:100%@h/d"),
    ("encoding", "postgresql://app:p%FFss@h/d"),
    ("encoding", "postgresql://app:p\udcffss@h/d"),
    ("control-char", "postgresql://app:p%00ss@h/d"),
    ("control-char", "postgresql://app:pw@h\u200b/d"),
    ("control-char", "postgresql://app:pw@h/d\npostgresql://app:pw@h/e"),
    ("whitespace", "postgresql://app:p ss@h/d"),
    ("whitespace", "postgresql://app:p\u00a0ss@h/d"),
    ("port", APP + "h:0/d"),
    ("port", APP + "h:65536/d"),
    ("port", APP + "h:\uff15/d"),
    ("port", APP + "2001:db8::1/d"),
    ("host-invalid", APP + "a..b/d"),
    ("host-invalid", APP + "b\u00fccher.example/d"),
    ("host-invalid", APP + "db%2Eexample.com/d"),
    ("host-blocked", APP + "[fe80::1%25eth0]/d"),
    ("host-unix", APP + "%2Fvar%2Frun/d"),
    ("dbname", APP + "h/" + "d" * 64),
    ("dbname", APP + "h/a/b"),
    ("dbname", APP + "h/host%3Devil"),
    ("fragment", APP + "h/d#x"),
    ("fragment", QUERY + "sslmode=require#x"),
    ("unresolved-reference", "${{ Postgres.DATABASE_URL }}"),
    ("unresolved-reference", "${db.DATABASE_URL}"),
    ("unresolved-reference", "$DATABASE_URL"),
    ("unresolved-reference", "$(DATABASE_URL)"),
    ("unresolved-reference", "${DB:-x}"),
    ("unresolved-reference", "EV[1:abc:def==]"),
    ("unresolved-reference", "postgresql://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/$PGDATABASE"),
    ("unresolved-reference", "postgresql://app:${db.PASSWORD}@h/d"),
    ("placeholder", "<REQUIRED>"),
    ("placeholder", "changeme"),
    ("placeholder", "postgresql://postgres:[YOUR-PASSWORD]@h/d"),
    ("placeholder", "postgresql://user:password@host:port/dbname"),
    ("placeholder", "postgresql://app:********@h/d"),
    ("placeholder", APP + "h/<dbname>"),
    ("too-long", APP + "h/d?application_name=" + "a" * 40_000),
    ("authority-override", QUERY + "host=evil"),
    ("authority-override", QUERY + "user=a&password=b"),
    ("param-forbidden", QUERY + "options=-crole%3Dx"),
    ("param-forbidden", QUERY + "hostaddr=10.0.0.1"),
    ("param-unknown", QUERY + "pgbouncer=true"),
    ("param-unknown", QUERY + "ssl=false"),
    ("param-duplicate", QUERY + "ssl=true&sslmode=require"),
    ("param-value", QUERY + "sslmode=REQUIRE"),
    ("param-value", QUERY + "sslmode=require&&connect_timeout=5"),
]

ACCEPTED = [
    ((), APP + "db.example.com/one"),
    ((), "postgresql://app:p%40ss%2Fw@h/d"),
    ((), "postgresql://app:$ecretPW12@h/d"),
    ((), APP + "[2001:db8::1]:5432/d"),
    ((), APP + "h1:5432,h2:5433/d"),
    ((), QUERY + "sslmode=require&"),
    (("not-encoded",), "postgresql://app:p#ss@h/d"),
    (("not-encoded",), "postgresql://app:p?ss@h/d"),
    (("not-encoded",), "postgresql://app:p\u2100ss@h/d"),
    (("plaintext",), QUERY + "sslmode=prefer"),
    (("transaction-pooler",), APP + "h:6543/d"),
    (("transaction-pooler",), APP + "ep-cool-1-pooler.eu.aws.neon.tech/d"),
    (("trimmed",), "\ufeff" + APP + "h/d\r\n"),
    (("quoted",), f'"{APP}h/d"'),
]


def read(value: str, profile: Profile = "paas") -> DatabaseUrl:
    url = parse_database_url(value, profile=profile)
    assert url is not None
    return url


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_refused(kind: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment) as caught:
        parse_database_url(value, variable="OTHER_URL")
    assert [(found.kind, found.variable) for found in caught.value.findings] == [(kind, "OTHER_URL")]
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "s3cretPW" not in shown


@pytest.mark.parametrize(("warnings", "value"), ACCEPTED)
def test_accepted(warnings: tuple[str, ...], value: str) -> None:
    url = read(value)
    assert tuple(found.kind for found in url.warnings) == warnings
    again = read(url.canonical())
    assert again == url


@pytest.mark.parametrize("value", [None, "", "  ", "\n", '""', "\ufeff"])
def test_unset(value: str | None) -> None:
    assert parse_database_url(value) is None


@pytest.mark.parametrize(
    ("value", "host"),
    [
        (APP + "localhost/d", "localhost"),
        (APP + "127.0.0.1/d", "127.0.0.1"),
        (APP + "%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql"),
        (APP + "/d?host=/cloudsql/p:r:i", "/cloudsql/p:r:i"),
    ],
)
def test_a_persons_own_machine(value: str, host: str) -> None:
    assert read(value, "local").host == host
    with pytest.raises(InvalidEnvironment):
        parse_database_url(value)


def test_the_password_is_never_shown() -> None:
    url = read(APP + "db.example.com/one")
    assert "s3cretPW" not in f"{url} {url!r} {url.password} {url.target()} {vars(url)}"


_TEXT = st.text(st.characters(exclude_categories=("C", "Zs", "Zl", "Zp")), min_size=1, max_size=12)


@given(user=_TEXT, password=_TEXT, dbname=_TEXT)
def test_a_canonical_url_means_the_same_to_all(user: str, password: str, dbname: str) -> None:
    from urllib.parse import quote

    value = f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h.example/{quote(dbname, safe='')}"
    try:
        url = read(value)
    except InvalidEnvironment as invalid:
        refused = {found.kind for found in invalid.findings}
    else:
        refused = set()
    if refused:
        assert refused <= {"dbname", "placeholder", "unresolved-reference"}
        return
    assert (url.user, url.password.get_secret_value(), url.dbname) == (user, password, dbname)
    other = dj_database_url.parse(url.canonical())
    assert (other["USER"], other["PASSWORD"], other["NAME"], other["HOST"]) == (
        user,
        password,
        dbname,
        "h.example",
    )


def test_a_socket_keeps_its_port() -> None:
    url = read(APP + "%2Fvar%2Frun:432/d", "local")
    assert read(url.canonical(), "local") == url
    other = dj_database_url.parse(url.canonical())
    assert (other["HOST"], str(other["PORT"])) == ("/var/run", "432")
