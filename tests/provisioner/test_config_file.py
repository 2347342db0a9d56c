"""What a configuration file says, and what is wrong with it: every finding by code, variable, key and line."""

from __future__ import annotations

import pytest

from provisioner import InvalidEnvironment
from provisioner.config_example import example
from provisioner.config_file import read_config
from provisioner.report import render
from provisioner.variables import VARIABLES, find, name_of_key
from tests.platforms import environments
from tests.provisioner.config_files import configured, written

URL = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/sales"
OTHER = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/staff"
KEY = "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC"


def values(text):
    return read_config("x.toml", text.encode()).values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'database_url = "{URL}"', {"DATABASE_URL": URL}),
        ("port = 8_080\ndebug = false", {"PORT": "8080", "DEBUG": "false"}),
        ('allowed_hosts = ["a.example", "b.example"]', {"ALLOWED_HOSTS": "a.example,b.example"}),
        ('allowed_hosts = "a.example b.example"', {"ALLOWED_HOSTS": "a.example b.example"}),
        ("allowed_hosts = []", {"ALLOWED_HOSTS": ""}),
        (f'secret_key_fallbacks = ["{KEY}"]', {"SECRET_KEY_FALLBACKS": KEY}),
        ('data_dir = "/srv/m"', {"MATHESAR_DATA_DIR": "/srv/m"}),
        ('mathesar_data_dir = "/srv/m"', {"MATHESAR_DATA_DIR": "/srv/m"}),
        ('MATHESAR_ALLOWED_HOSTS = "a.example"', {"ALLOWED_HOSTS": "a.example"}),
        ('SECRET_KEY_FILE = "/k"', {"SECRET_KEY_FILE": "/k"}),
        ('databases_file = "/k"', {"MATHESAR_DATABASES_FILE": "/k"}),
        (f'mathesar_database_sales_url = "{URL}"', {"MATHESAR_DATABASE_SALES_URL": URL}),
        (f'databases = "(a|{URL})"', {"MATHESAR_DATABASES": f"(a|{URL})"}),
        (f'databases.Sales = "{URL}"', {"MATHESAR_DATABASES": f"(Sales|{URL})"}),
        (
            f'databases = {{ "É & Co." = "{URL}", b = "{OTHER}" }}',
            {"MATHESAR_DATABASES": f"(É & Co.|{URL}),(b|{OTHER})"},
        ),
        ("[databases]", {"MATHESAR_DATABASES": ""}),
        ("\ufeffport = 1\r\n# é\r\ndebug = true\r\n", {"PORT": "1", "DEBUG": "true"}),
        ("", {}),
    ],
)
def test_values(text, expected):
    file = read_config("x.toml", text.encode())
    assert (file.values, file.findings) == (expected, ())


FAULTS = [
    ('databse_url = "x"', ("config-unknown-key", "databse_url", 1)),
    ('\nserver.port = "x"', ("config-unknown-key", "server", 2)),
    (f'database_sales_url = "{URL}"', ("config-unknown-key", "database_sales_url", 1)),
    ('config = "x"', ("config-unknown-key", "config", 1)),
    ('\n"postgresql://ann:pw-Qk38dLmX@h/d" = 1', ("config-unknown-key", "the key in line 2", 2)),
    ("# one\ndebug = 1", ("config-type", "DEBUG", 2)),
    ("port = true", ("config-type", "PORT", 1)),
    ("port = 8000.0", ("config-type", "PORT", 1)),
    (f"port = 0x{'f' * 5000}", ("config-type", "PORT", 1)),
    ("admin_password = 12345678901234567890", ("config-type", "MATHESAR_ADMIN_PASSWORD", 1)),
    ("data_dir = 1979-05-27", ("config-type", "MATHESAR_DATA_DIR", 1)),
    ("secret_key = ['pw-Qk38dLmX']", ("config-type", "SECRET_KEY", 1)),
    ("secret_key_file = ['/k']", ("config-type", "SECRET_KEY_FILE", 1)),
    ("allowed_hosts = ['a', 1]", ("config-type", "ALLOWED_HOSTS", 1)),
    ("allowed_hosts = ['a b']", ("config-list-item", "ALLOWED_HOSTS", 1)),
    ("secret_key_fallbacks = ['pw-Qk38dLmX,b']", ("config-list-item", "SECRET_KEY_FALLBACKS", 1)),
    ("databases = ['x']", ("config-type", "MATHESAR_DATABASES", 1)),
    (f"[[databases]]\nname='a'\nurl='{URL}'", ("config-type", "MATHESAR_DATABASES", 1)),
    ("port = 1\nPORT = 1", ("config-key-twice", "PORT", 1)),
    (f"[databases]\na='{URL}'\nsecret_key='{KEY}'", ("config-misplaced", "SECRET_KEY", 3)),
    (f"[databases]\ndatabase_url='{URL}'", ("config-misplaced", "DATABASE_URL", 2)),
    (f"[databases]\na='{URL}'\n\nb=17", ("config-type", "MATHESAR_DATABASES", 4)),
    (f"[databases]\na.b='{URL}'", ("config-type", "MATHESAR_DATABASES", 2)),
    (f"[databases]\n'a|b'='{URL}'", ("config-database-name", "MATHESAR_DATABASES", 2)),
    ("[databases]\na='postgresql://u:p(w@h/d'", ("config-database-chars", "MATHESAR_DATABASES", 2)),
    ("port = ", ("config-syntax", "PATH", 1)),
    ("port = 1\nport = 2", ("config-syntax", "PATH", 2)),
    ('secret_key = "pw-Qk38dLmX', ("config-syntax", "PATH", 1)),
    ("[databases]\na = 1\n[databases]", ("config-syntax", "PATH", 3)),
    ("a = " + "[" * 100_000, ("config-syntax", "PATH", 1)),
    (b"port = 1\nsecret_key = '\xffpw-Qk38dLmX'", ("config-encoding", "PATH", 2)),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=range(len(FAULTS)))
def test_one_fault_is_one_finding_with_its_place_and_no_value(text, expected, tmp_path):
    configuration = configured(tmp_path, text)
    path = configuration.path
    kind, variable, line = expected
    [found] = configuration.findings
    assert (found.kind, found.variable) == (kind, path if variable == "PATH" else variable)
    written_at = configuration.source.written(found)
    assert (written_at.path, written_at.line) == (path, line)
    result = configuration.examine()
    # An error, and nothing is ever embedded in place of what is meant.
    assert result.plan is None or (result.plan.entries_state, result.plan.embedded) == ("invalid", False)
    for fmt in ("text", "json", "sarif", "github"):
        report = render(result.findings, fmt, plan=result.plan, stopping=result.stopping, source=configuration.source)
        assert "Qk38dLmX" not in report
        assert path.rsplit("/", 1)[-1] in report
    assert "Qk38dLmX" not in repr(configuration)


@pytest.mark.parametrize("text", [text for text, (kind, *_) in FAULTS if kind in ("config-syntax", "config-encoding")])
def test_a_file_that_cannot_be_read_says_nothing_of_what_is_missing(text, tmp_path):
    result = configured(tmp_path, text, environments.render() | {"DATABASE_URL": "", "SECRET_KEY": ""}).examine()
    assert len(result.findings) == 1


def test_the_column_is_that_of_the_fault(tmp_path):
    [syntax] = configured(tmp_path, 'port = 1\nsecret_key = "a" b').findings
    assert "line 2, column 18" in syntax.message
    [encoding] = configured(tmp_path, "é = 1\nb = 'é".encode() + b"\xff'").findings
    assert "line 2, column 7" in encoding.message


@pytest.mark.parametrize(
    ("key", "meant"), [("databse_url", "database_url"), ("allowed-hosts", "allowed_hosts"), ("MATHESAR_BNID", "bind")]
)
def test_a_near_miss_is_named_and_not_called_missing(key, meant, tmp_path):
    environ = environments.render() | {"DATABASE_URL": ""} if meant == "database_url" else {}
    result = configured(tmp_path, f'{key} = "x"', environ).examine()
    assert [(item.kind, f"is {meant} meant?" in item.message) for item in result.findings] == [
        ("config-unknown-key", True)
    ]


def test_bad_databases_never_take_the_app_down(tmp_path):
    configuration = configured(tmp_path, f"[databases]\na = '{URL}'\nb = 1", environments.render())
    plan = configuration.plan()
    assert (plan.entries_state, [entry.name for entry in plan.entries]) == ("invalid", ["default"])


def test_findings_about_values_have_the_key_and_the_line(tmp_path):
    text = f"""
secret_key = "hunter2"
allowed_hosts = ["*"]
[databases]
Sales = "{URL}?passfile=/x"
Staff = "{OTHER}?sslmode=nonsense"
"""
    configuration = configured(tmp_path, text, environments.render() | {"SECRET_KEY": "", "PORT": "x"})
    found = configuration.examine().findings
    places = {(item.variable, item.entry): configuration.source.written(item) for item in found}
    keys = {about: (place.key, place.line) if place else None for about, place in places.items()}
    assert keys == {
        ("SECRET_KEY", None): ("secret_key", 2),
        ("ALLOWED_HOSTS", None): ("allowed_hosts", 3),
        ("MATHESAR_DATABASES", "entry 1 'Sales'"): ("databases.Sales", 5),
        ("MATHESAR_DATABASES", "entry 2 'Staff'"): ("databases.Staff", 6),
        ("PORT", None): None,
    }
    report = render(found, "text", source=configuration.source)
    assert f"databases.Staff in {configuration.path}, line 6" in " ".join(report.split())


def test_the_example_with_every_mark_taken_away_has_known_keys_only():
    lines = [line[1:] if line.startswith("#") and not line.startswith("# ") and line != "#" else line
             for line in example().splitlines()]  # fmt: skip
    file = read_config("example.toml", "\n".join(lines).encode())
    assert file.findings == ()
    assert set(file.values) == {row.name for row in VARIABLES if row.key}
    assert read_config("example.toml", example().encode()).values == {}


def test_every_variable_has_one_key_that_leads_back():
    rows = [row for row in VARIABLES if row.key]
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert name_of_key(row.key) == row.name
        assert name_of_key(f"{row.key}_file") == f"{row.name}_FILE"
        assert find(name_of_key(row.name)) is row
    assert {row.name for row in VARIABLES} - {row.name for row in rows} == {
        "MATHESAR_CONFIG",
        "MATHESAR_DATABASE_<NAME>_URL",
    }


def test_a_table_means_what_the_list_means(tmp_path):
    databases = {"Sales": URL, "É & Co.": OTHER, "x.y": URL.replace("sales", "third")}
    listed = ",".join(f"({name}|{url})" for name, url in databases.items())
    from_table = configured(tmp_path, written({}, databases), environments.render()).plan()
    assert from_table == configured(tmp_path, "", environments.render() | {"MATHESAR_DATABASES": listed}).plan()
    with pytest.raises(InvalidEnvironment):
        configured(tmp_path, written({"secret_key": "x"}, databases)).plan()
