"""Each platform's environment is detected as its own and gives the plan that its facts promise."""

from __future__ import annotations

import pytest

from provisioner import InvalidEnvironment, UnknownPlatform, plan
from provisioner.platform import detect, load, registered
from tests.platforms import environments


@pytest.mark.parametrize("name", environments.ALL)
def test_full_environment(name):
    result = plan(environments.ALL[name]())
    assert result.platform == name
    assert [item for item in result.findings if item.severity == "error"] == []
    assert result.internal is not None
    assert result.internal.variable == "DATABASE_URL"
    assert [(entry.name, entry.variable) for entry in result.entries] == [("default", "DATABASE_URL")]
    assert result.entries[0].label == result.internal.url.dbname
    assert result.trust_forwarded_proto
    assert not result.embedded


@pytest.mark.parametrize("name", environments.ALL)
def test_only_its_own_platform_detects_an_environment(name):
    assert [platform.name for platform in detect(environments.ALL[name]())] == [name]


def test_nothing_is_detected_on_an_ordinary_machine():
    assert detect({"HOME": "/home/ann", "PATH": "/usr/bin", "PORT": "8000"}) == ()


def test_four_platforms_are_registered():
    assert set(registered()) >= {"render", "railway", "digitalocean", "heroku"}


@pytest.mark.parametrize(
    ("name", "bind", "grace", "sslmode", "warnings"),
    [
        ("render", "0.0.0.0:10000", 25, "prefer", []),
        ("railway", "[::]:8080", 25, "prefer", []),
        ("digitalocean", "0.0.0.0:8080", 10, "require", ["secret-generated"]),
        ("heroku", "0.0.0.0:41937", 25, "require", []),
    ],
)
def test_what_differs(name, bind, grace, sslmode, warnings):
    result = plan(environments.ALL[name]())
    assert result.bind == bind
    assert result.graceful_timeout == grace
    assert result.internal.url.params["sslmode"] == sslmode
    assert [item.kind for item in result.findings] == warnings


@pytest.mark.parametrize("name", ["render", "railway", "digitalocean"])
def test_hosts_are_exact(name):
    result = plan(environments.ALL[name]() | {"ALLOWED_HOSTS": "data.example.com"})
    assert result.hosts == (environments.HOSTS[name], "data.example.com")
    assert result.origins == tuple(f"https://{host}" for host in result.hosts)


def test_herokus_router_validates_the_host():
    result = plan(environments.heroku())
    assert (result.hosts, result.keepalive) == (("*",), 95)


def test_heroku_ci_is_not_a_dyno():
    assert detect(environments.heroku() | {"CI": "true"}) == ()


def test_herokus_second_database_is_shown():
    other = "postgres://reader:p4f1d8e6b3a0c5@ec2-1-2-3-4.compute-1.amazonaws.com:5432/second"
    result = plan(environments.heroku() | {"HEROKU_POSTGRESQL_AMBER_URL": other})
    assert [(entry.name, entry.variable) for entry in result.entries] == [
        ("default", "DATABASE_URL"),
        ("amber", "HEROKU_POSTGRESQL_AMBER_URL"),
    ]


def test_railway_prefers_the_unpooled_url_for_its_own_tables():
    direct = "postgresql://postgres:kVtXrPqLmNzWsYdA@direct.railway.internal:5432/railway"
    result = plan(environments.railway() | {"DATABASE_UNPOOLED_URL": direct})
    assert result.internal.variable == "DATABASE_UNPOOLED_URL"
    assert result.entries[0].variable == "DATABASE_URL"


def test_railway_without_draining_is_warned_about():
    environ = environments.railway()
    del environ["RAILWAY_DEPLOYMENT_DRAINING_SECONDS"]
    result = plan(environ)
    assert [item.kind for item in result.findings] == ["shutdown-window"]
    assert "30" in result.findings[0].hint
    assert result.graceful_timeout == 1


def test_railways_first_boot_has_no_domain():
    result = plan(environments.railway() | {"RAILWAY_PUBLIC_DOMAIN": ""})
    assert [item.kind for item in result.findings] == ["hosts-missing"]
    assert result.hosts == ()


def test_render_keeps_some_ports_for_itself():
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environments.render(port=18013))
    assert [(item.kind, item.variable) for item in refused.value.findings] == [("range", "PORT")]


def test_digitalocean_keeps_its_key_in_the_database():
    result = plan(environments.digitalocean())
    assert (result.secret_key, result.secret_key_source) == (None, "database")
    assert plan(environments.render()).secret_key_source == "environment"


def test_digitaloceans_authority_lifts_the_ceiling():
    url = environments.DATABASE_URLS["digitalocean"].replace("require", "verify-full")
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environments.digitalocean(url))
    assert "tls-ceiling" in [item.kind for item in refused.value.findings]
    authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    result = plan(environments.digitalocean(url) | {"CA_CERT": authority})
    assert result.ca_certificate == authority.strip()


@pytest.mark.parametrize("name", ["railway", "heroku"])
def test_nobody_can_verify_a_self_signed_certificate(name):
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environments.ALL[name](f"{environments.DATABASE_URLS[name]}?sslmode=verify-full"))
    assert {item.kind for item in refused.value.findings} == {"tls-ceiling"}


def test_two_platforms_at_once():
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environments.railway() | environments.render())
    found = [item for item in refused.value.findings if item.kind == "platform-ambiguous"]
    assert "Railway and Render" in found[0].message


def test_an_unknown_platform_lists_the_known_ones():
    with pytest.raises(UnknownPlatform, match="digitalocean, dokku, fly, heroku"):
        load("flx")
