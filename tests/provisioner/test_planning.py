"""From an environment to a Plan, or to every finding at once."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from provisioner import InvalidEnvironment, plan
from provisioner.planning import examine
from tests.platforms import environments

URL = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/sales"
OTHER = "postgresql://ann:pw-Qk38dLmX@db.example.com:5432/staff"


def refusal(environ, **options):
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environ, **options)
    return [(item.kind, item.variable) for item in refused.value.findings]


def test_five_faults_are_five_findings():
    found = refusal(environments.five_faults())
    assert len(found) == 5
    assert {variable for _, variable in found} == environments.FIVE_VARIABLES


def test_a_plan_is_frozen():
    result = plan(environments.render())
    with pytest.raises(FrozenInstanceError):
        result.port = 1


def test_no_secret_in_a_plan_s_repr():
    environ = environments.render() | {"MATHESAR_DATABASES": f"(Sales|{URL})"}
    shown = repr(plan(environ))
    assert environ["SECRET_KEY"] not in shown
    assert "pw-Qk38dLmX" not in shown
    assert "Zq3vT8mXw2LkRb7n" not in shown


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"DATABASE_URL": ""}, [("database-missing", "DATABASE_URL")]),
        ({"DATABASE_URL": "${{Postgres.DATABASE_URL}}"}, [("unresolved-reference", "DATABASE_URL")]),
        ({"DATABASE_URL": "mysql://x"}, [("scheme", "DATABASE_URL")]),
        ({"SECRET_KEY": " \n"}, [("secret-missing", "SECRET_KEY")]),
        ({"SECRET_KEY": "hunter2"}, [("secret-weak", "SECRET_KEY")]),
        ({"SECRET_KEY_FALLBACKS": "hunter2"}, [("secret-weak", "SECRET_KEY_FALLBACKS")]),
        ({"ALLOWED_HOSTS": ".onrender.com"}, [("host-wildcard", "ALLOWED_HOSTS")]),
        ({"MATHESAR_ALLOWED_HOSTS": "*"}, [("host-wildcard", "MATHESAR_ALLOWED_HOSTS")]),
        ({"ALLOWED_HOSTS": "a.example.com:80"}, [("host-invalid", "ALLOWED_HOSTS")]),
        ({"CSRF_TRUSTED_ORIGINS": "http://a.example.com"}, [("origin-scheme", "CSRF_TRUSTED_ORIGINS")]),
        ({"CSRF_TRUSTED_ORIGINS": "a.example.com"}, [("origin-scheme", "CSRF_TRUSTED_ORIGINS")]),
        ({"CSRF_TRUSTED_ORIGINS": "https://a.example.com/x"}, [("host-invalid", "CSRF_TRUSTED_ORIGINS")]),
        ({"DEBUG": "true"}, [("debug-on", "DEBUG")]),
        ({"DEBUG": "flase"}, [("bool", "DEBUG")]),
        ({"PORT": "tcp://10.0.0.1:80"}, [("int", "PORT")]),
        ({"PORT": "65536"}, [("range", "PORT")]),
        ({"WEB_CONCURRENCY": "0"}, [("range", "WEB_CONCURRENCY")]),
        ({"WEB_CONCURRENCY": "64"}, [("conn-budget", "WEB_CONCURRENCY")]),
    ],
)
def test_what_stops_the_start(change, expected):
    assert refusal(environments.render() | change) == expected


@pytest.mark.parametrize(("wrong", "meant"), [("DATABSE_URL", "DATABASE_URL"), ("SECERT_KEY", "SECRET_KEY")])
def test_a_misspelt_name_is_one_finding_that_names_both(wrong, meant):
    environ = environments.render()
    environ[wrong] = environ.pop(meant)
    assert refusal(environ) == [("near-miss", wrong)]
    assert meant in examine(environ).findings[0].message


def test_an_internal_database_of_its_own():
    environ = environments.render() | {"MATHESAR_INTERNAL_DATABASE_URL": URL, "DATABASE_URL": "mysql://x"}
    result = plan(environ)
    assert result.internal.variable == "MATHESAR_INTERNAL_DATABASE_URL"
    assert result.entries == ()
    assert (result.entries_state, [item.kind for item in result.findings]) == ("unset", ["scheme"])


def test_a_broken_internal_database_is_not_passed_over():
    assert refusal(environments.render() | {"MATHESAR_INTERNAL_DATABASE_URL": "mysql://x"}) == [
        ("scheme", "MATHESAR_INTERNAL_DATABASE_URL")
    ]


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("MATHESAR_DATABASES", "nonsense", "entry-syntax"),
        ("MATHESAR_DATABASE_SALES_URL", "mysql://x", "scheme"),
        ("MATHESAR_DATABASE_DEFAULT_URL", URL, "name-reserved"),
        ("MATHESAR_INCLUDE_DEFAULT_DATABASE", "perhaps", "bool"),
        ("MATHESAR_DATABASES", "${{Postgres.DATABASE_URL}}", "unresolved-reference"),
    ],
)
def test_a_fault_of_entries_alone_never_stops_the_start(variable, value, kind):
    result = plan(environments.render() | {variable: value})
    # the latch is about the list alone: another variable's fault says nothing of what the list named
    assert result.entries_state == ("invalid" if variable == "MATHESAR_DATABASES" else "unset")
    assert [(item.kind, item.variable) for item in result.findings] == [(kind, variable)]
    assert [entry.name for entry in result.entries] == ["default"]


def test_a_database_of_its_own_variable_does_not_stand_for_the_list():
    assert plan(environments.render() | {"MATHESAR_DATABASE_STAFF_URL": OTHER}).entries_state == "unset"


def test_entries_come_in_order():
    environ = environments.render()
    environ |= {"MATHESAR_DATABASES": f"(Sales|{URL})", "MATHESAR_DATABASE_STAFF_URL": OTHER}
    result = plan(environ)
    assert [(entry.name, entry.variable) for entry in result.entries] == [
        ("default", "DATABASE_URL"),
        ("Sales", "MATHESAR_DATABASES"),
        ("staff", "MATHESAR_DATABASE_STAFF_URL"),
    ]
    assert result.entries_state == "set"
    assert all(entry.url.params["sslmode"] == "require" for entry in result.entries[1:])


def test_a_name_used_twice_is_refused_on_the_later_variable():
    environ = environments.render()
    environ |= {"MATHESAR_DATABASES": f"(STAFF|{URL})", "MATHESAR_DATABASE_STAFF_URL": OTHER}
    result = plan(environ)
    found = [(item.kind, item.variable) for item in result.findings]
    assert found == [("name-duplicate", "MATHESAR_DATABASE_STAFF_URL")]
    assert [entry.name for entry in result.entries] == ["default", "STAFF"]


def test_the_default_database_can_be_switched_off_or_named():
    assert plan(environments.render() | {"MATHESAR_INCLUDE_DEFAULT_DATABASE": "no"}).entries == ()
    named = plan(environments.render(URL) | {"MATHESAR_DATABASES": f"(Sales|{URL})"})
    assert [entry.name for entry in named.entries] == ["Sales"]
    assert named.internal.url.target() == "db.example.com:5432/sales"


def test_an_ordinary_machine_gets_the_embedded_default():
    result = plan({"HOME": "/home/ann"})
    assert (result.platform, result.profile, result.embedded, result.internal) == (None, "local", True, None)
    assert (result.bind, result.secret_key_source) == ("127.0.0.1:8000", "file")
    assert result.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert result.findings == ()


def test_a_database_variable_replaces_the_embedded_default():
    result = plan({"DATABASE_URL": "postgresql://ann:pw-Qk38dLmX@localhost/ann"})
    assert not result.embedded
    assert result.internal.url.host == "localhost"
    assert "sslmode" not in result.internal.url.params
    only_entries = plan({"MATHESAR_DATABASES": f"(Sales|{URL})"})
    assert (only_entries.embedded, only_entries.internal) == (False, None)


def test_the_embedded_default_can_be_switched_off():
    result = plan({"MATHESAR_EMBEDDED_DATABASE": "false"})
    assert (result.embedded, result.internal, result.entries, result.findings) == (False, None, (), ())
    assert plan({"MATHESAR_EMBEDDED_DATABASE": "yes"}).embedded
    assert refusal({"MATHESAR_EMBEDDED_DATABASE": "false", "DATABSE_URL": URL}) == [("near-miss", "DATABSE_URL")]
    assert refusal({"MATHESAR_EMBEDDED_DATABASE": "perhaps"}) == [("bool", "MATHESAR_EMBEDDED_DATABASE")]


@pytest.mark.parametrize("name", ["DATABSE_URL", "MATHESAR_DATABASE", "MATHESAR_INTERNAL_DATABSE_URL"])
def test_a_misspelt_database_variable_is_never_embedded(name):
    assert refusal({name: URL}) == [("near-miss", name)]


def test_a_broken_database_variable_is_never_embedded():
    assert refusal({"DATABASE_URL": "mysql://x"}) == [("scheme", "DATABASE_URL")]


@pytest.mark.parametrize(
    ("bind", "expected"), [("0.0.0.0:9000", ("0.0.0.0:9000", 9000)), ("[::1]:80", ("[::1]:80", 80))]
)
def test_where_a_machine_of_ones_own_listens(bind, expected):
    result = plan({"MATHESAR_BIND": bind})
    assert (result.bind, result.port) == expected
    assert refusal({"MATHESAR_BIND": "anywhere"}) == [("bind-invalid", "MATHESAR_BIND")]


def test_a_proxy_of_ones_own_is_believed_where_that_is_said():
    said = {"MATHESAR_BEHIND_PROXY": "true", "ALLOWED_HOSTS": "data.example.com"}
    result = plan(said)
    assert (result.platform, result.profile, result.bind) == (None, "local", "127.0.0.1:8000")
    assert (result.trust_forwarded_proto, result.forwarded_hops) == (True, 1)
    assert (result.hosts, result.origins) == (("data.example.com",), ("https://data.example.com",))
    assert (result.embedded, result.own_machine) == (True, False)  # through the proxy anybody reaches it
    without = plan({"ALLOWED_HOSTS": "data.example.com"})
    assert (without.trust_forwarded_proto, without.forwarded_hops, without.origins) == (False, 0, ())
    assert "localhost" in without.hosts
    assert without.own_machine


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, [("proxy-hosts-missing", "ALLOWED_HOSTS")]),
        ({"ALLOWED_HOSTS": "*"}, [("host-wildcard", "ALLOWED_HOSTS"), ("proxy-hosts-missing", "ALLOWED_HOSTS")]),
        ({"ALLOWED_HOSTS": "a.example.com", "CSRF_TRUSTED_ORIGINS": "http://a.example.com"},
         [("origin-scheme", "CSRF_TRUSTED_ORIGINS")]),
        ({"ALLOWED_HOSTS": "a.example.com", "DEBUG": "true"}, [("debug-on", "DEBUG")]),
    ],
)  # fmt: skip
def test_behind_a_proxy_of_ones_own_the_site_is_public(environ, expected):
    assert sorted(refusal({"MATHESAR_BEHIND_PROXY": "yes", **environ})) == expected


def test_whether_there_is_a_proxy_is_a_yes_or_a_no():
    assert refusal({"MATHESAR_BEHIND_PROXY": "nginx"}) == [("bool", "MATHESAR_BEHIND_PROXY")]


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_platform_knows_its_own_proxy(value):
    assert plan(environments.render() | {"MATHESAR_BEHIND_PROXY": value}) == plan(environments.render())


def test_optional_misspelt_and_superseded_names_are_warnings():
    result = plan({"WEB_CONCURENCY": "2", "POSTGRES_HOST": "db"})
    assert {(item.kind, item.variable) for item in result.findings} == {
        ("similar-name", "WEB_CONCURENCY"),
        ("superseded", "POSTGRES_HOST"),
    }


def test_a_forced_platform_is_not_detected():
    environ = environments.render()
    del environ["RENDER"]
    assert plan(environ, platform="render").platform == "render"


def test_values_from_files(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n")
    environ = environments.render() | {"SECRET_KEY_FILE": str(secret)}
    del environ["SECRET_KEY"]
    assert plan(environ).secret_key.get_secret_value().startswith("9f86d0")


def test_an_injected_port_goes_with_the_address_that_is_set() -> None:
    assert plan({"MATHESAR_BIND": "0.0.0.0:8000"}).bind == "0.0.0.0:8000"
    assert plan({"MATHESAR_BIND": "0.0.0.0:8000", "PORT": "9000"}).bind == "0.0.0.0:9000"
