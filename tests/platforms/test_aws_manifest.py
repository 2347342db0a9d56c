"""template.yaml: CloudFormation's own schemas take it, and what it binds makes a plan."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from platforms.aws import manifest
from provisioner import InvalidEnvironment, plan
from provisioner.facts import load_facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Prompt, Variable
from provisioner.spec_mathesar import mathesar
from tests.platforms.manifests import FLAVOURS, IMAGE, flavours

FACTS = load_facts(manifest.__file__)
ENDPOINT = "mathesar-database-x1ab.c9akciq32rgb.us-east-1.rds.amazonaws.com"
BALANCER = "mathes-Balan-1QX3ABCD5EFG-1234567890.us-east-1.elb.amazonaws.com"
SECRETS = {
    "DatabaseOwner": "k3Vt8XrPq2LmNz5WsYdA7bCgHjUe9RfTo4Iv6KxMn1BwQsZyDa",
    "SecretKey": "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC",
    "MathesarSetupCode": "Zq3vT8mXw2LkRb7nPd5J",
}
GIVEN = {
    "Domain": "data.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
}


def generated(spec: AppSpec) -> dict[str, Any]:
    return yaml.safe_load(manifest.files(spec)[manifest.PATH])


def computed(template: dict[str, Any], value: Any, parameters: dict[str, str]) -> Any:
    """Do what CloudFormation does with the functions that we use."""
    match value:
        case {"Ref": name}:
            return parameters.get(name, name)
        case {"Fn::If": [condition, yes, no]}:
            (test,) = template["Conditions"][condition]["Fn::Not"]
            name, empty = test["Fn::Equals"]
            return computed(template, no if parameters[name["Ref"]] == empty else yes, parameters)
        case {"Fn::Sub": text}:
            text = text.replace("${Database.Endpoint.Address}", ENDPOINT).replace("${Database.Endpoint.Port}", "5432")
            text = text.replace("{{resolve:secretsmanager:${DatabaseOwner}:SecretString:password}}", "$PASSWORD")
            text = text.replace("${Balancer.DNSName}", BALANCER).replace("${Domain}", parameters["Domain"])
            return text.replace("$PASSWORD", SECRETS["DatabaseOwner"])
        case _:
            return value


def environment(spec: AppSpec, **given: str) -> dict[str, str]:
    """Return what ECS would give the container."""
    template = generated(spec)
    parameters = {name: given.get(name, each.get("Default", "")) for name, each in template["Parameters"].items()}
    container = template["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]
    found = {env["Name"]: computed(template, env["Value"], parameters) for env in container["Environment"]}
    for each in container["Secrets"]:
        entry = computed(template, each, parameters)
        if "Name" in entry:
            name = entry["ValueFrom"]["Ref"]
            properties = template["Resources"][name]["Properties"]
            stored = computed(template, properties.get("SecretString"), parameters)
            found[entry["Name"]] = SECRETS[name] if "GenerateSecretString" in properties else stored
    return found


@flavours
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
def test_cloudformations_own_schemas_take_it(spec: AppSpec):
    cfnlint = pytest.importorskip("cfnlint.api")
    text = manifest.files(spec)[manifest.PATH]
    found = cfnlint.lint(text, config=cfnlint.ManualArgs(regions=["us-east-1", "eu-central-1"]))
    assert [f"{each.rule.id} {each.message}" for each in found] == []


@flavours
def test_with_a_certificate_the_site_is_the_domain(spec: AppSpec):
    result = plan(environment(spec, **GIVEN))
    assert (result.platform, list(result.findings)) == ("aws", [])
    assert (result.hosts, result.origins) == (("data.example.com",), ("https://data.example.com",))
    assert (result.bind, result.graceful_timeout, result.trust_forwarded_proto) == ("0.0.0.0:8000", 25, True)
    assert result.secret_key_source == "environment"
    assert result.setup_code is not None
    assert result.internal is not None
    assert (result.internal.url.host, result.internal.url.dbname) == (ENDPOINT, spec.dbname)
    assert result.internal.url.params["sslmode"] == "require"
    assert result.entries_state == "unset"


def test_without_one_it_is_the_load_balancers_name_and_no_header_is_believed():
    result = plan(environment(mathesar()))
    assert (result.hosts, result.trust_forwarded_proto) == ((BALANCER.lower(),), False)
    assert [item for item in result.findings if item.severity == "error"] == []


def test_more_databases_come_from_a_parameter():
    result = plan(
        environment(mathesar(), MathesarDatabases="(Sales|postgresql://reader:Xk29dTqLmN@db.example.com/sales)")
    )
    assert [entry.name for entry in result.entries] == ["default", "Sales"]


def test_what_is_missing_stops_the_start():
    environ = environment(mathesar())
    del environ["DATABASE_URL"], environ["SECRET_KEY"]
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environ)
    assert {item.kind for item in refused.value.findings} == {"database-missing", "secret-missing"}


@pytest.mark.parametrize("url", ["https://[::1", "*"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environment(mathesar()) | {"APP_URL": url})
    assert {item.variable for item in refused.value.findings} == {"APP_URL"}


def test_only_with_rdss_authority_can_its_certificate_be_checked():
    environ = environment(mathesar())
    environ["DATABASE_URL"] = environ["DATABASE_URL"].replace("=require", "=verify-full")
    with pytest.raises(InvalidEnvironment) as refused:
        plan(environ)
    assert {item.kind for item in refused.value.findings} == {"tls-ceiling"}
    authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert plan(environ | {"CA_CERT": authority}).ca_certificate == authority.strip()


def test_the_database_is_closed_and_outlives_the_stack():
    found = generated(mathesar())["Resources"]
    database = found["Database"]["Properties"]
    assert (database["PubliclyAccessible"], database["StorageEncrypted"]) == (False, True)
    assert (found["Database"]["DeletionPolicy"], found["SecretKey"]["DeletionPolicy"]) == ("Snapshot", "Retain")
    assert found["DatabaseParameters"]["Properties"]["Parameters"] == {"rds.force_ssl": "1"}
    (rule,) = found["DatabaseGroup"]["Properties"]["SecurityGroupIngress"]
    assert rule["SourceSecurityGroupId"] == {"Ref": "AppGroup"}
    private = {name for name in found if name.startswith("PrivateSubnet")}
    routed = {each["Properties"]["SubnetId"]["Ref"] for each in found.values() if "RouteTableAssoc" in each["Type"]}
    assert private.isdisjoint(routed)


def test_the_task_stops_in_time_and_a_bad_release_is_rolled_back():
    found = generated(mathesar())["Resources"]
    assert found["Task"]["Properties"]["ContainerDefinitions"][0]["StopTimeout"] == 30
    service = found["Service"]["Properties"]
    assert service["DeploymentConfiguration"]["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert service["HealthCheckGracePeriodSeconds"] >= 60
    assert found["Target"]["Properties"]["HealthCheckPath"] == "/readyz"


def test_an_image_is_asked_for_where_the_spec_has_none():
    asked = generated(FLAVOURS["built"])["Parameters"]["Image"]
    assert "Default" not in asked
    assert generated(FLAVOURS["image"])["Parameters"]["Image"]["Default"] == IMAGE
    assert re.fullmatch(asked["AllowedPattern"], IMAGE)
    assert not re.fullmatch(asked["AllowedPattern"], "ghcr.io/example/mathesar:latest")


@pytest.mark.parametrize(
    ("parameter", "value", "fits"),
    [
        ("Domain", "", True), ("Domain", "data.example.com", True), ("Domain", "https://data.example.com", False),
        ("CertificateArn", "", True), ("CertificateArn", GIVEN["CertificateArn"], True),
        ("CertificateArn", "arn:aws:iam::1:x", False),
        ("VisitorRange", "203.0.113.7/32", True), ("VisitorRange", "203.0.113.7", False),
    ],
)  # fmt: skip
def test_the_parameters_take_what_they_should(parameter: str, value: str, fits: bool):
    pattern = generated(mathesar())["Parameters"][parameter]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is fits


def test_the_generated_secrets_are_what_the_app_needs():
    for fact, name in (("secret_recipe", "SECRET_KEY"), ("code_recipe", "MATHESAR_SETUP_CODE")):
        made = recipe(FACTS.table(fact))
        assert unfit(mathesar().variable(name).origin, made) is None
        assert made.url_safe
        stored = generated(mathesar())["Resources"][manifest.title(name)]["Properties"]["GenerateSecretString"]
        assert (stored["PasswordLength"], stored["ExcludePunctuation"]) == (made.length, True)


@pytest.mark.parametrize("origin", [Generated(bits=512), FromDatabase(part="host")])
def test_what_cannot_be_made_is_refused(origin: Any):
    spec = mathesar()
    changed = spec.variables[1].model_copy(update={"origin": origin})
    with pytest.raises(ValueError, match="SECRET_KEY"):
        manifest.files(spec.model_copy(update={"variables": (changed,)}))


def test_a_constant_and_a_required_prompt():
    more = (
        Variable(name="LOCALE", origin=Constant(value="en"), why="The language."),
        Variable(name="LICENCE", origin=Prompt(required=True), why="The key of the licence."),
    )
    spec = mathesar()
    template = generated(spec.model_copy(update={"variables": spec.variables + more}))
    assert "Default" not in template["Parameters"]["Licence"]
    container = template["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]
    assert {"Name": "LOCALE", "Value": "en"} in container["Environment"]
