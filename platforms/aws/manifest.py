"""``template.yaml``: one CloudFormation stack with network, RDS, secrets, load balancer and a Fargate service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import Noted
from provisioner.manifests import NOTICE
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

from .compact import yaml
from .resources import database, groups, network, ref, sub
from .service import balancer, task
from .variables import address, title, variables

PATH = "platforms/aws/template.yaml"
PINNED = r"^[^@\s]+@sha256:[0-9a-f]{64}$"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(_Model):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html"""

    Type: Literal["String"] = "String"
    Description: str
    Default: str | None = None
    AllowedPattern: str | None = None
    AllowedValues: tuple[str, ...] | None = None
    ConstraintDescription: str | None = None
    NoEcho: Literal[True] | None = None


class Assertion(_Model):
    """What must hold of the parameters."""

    Assert: dict[str, Any]
    AssertDescription: str


class Rule(_Model):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html"""

    RuleCondition: dict[str, Any]
    Assertions: tuple[Assertion, ...]


class Resource(_Model):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference; cfn-lint judges the properties."""

    Type: str = Field(pattern=r"^AWS::\w+::\w+$")
    Condition: str | None = None
    DependsOn: str | list[str] | None = None
    DeletionPolicy: Literal["Delete", "Retain", "Snapshot"] | None = None
    UpdateReplacePolicy: Literal["Delete", "Retain", "Snapshot"] | None = None
    Properties: dict[str, Any] | None = None


class Output(_Model):
    """What a person needs of the finished stack."""

    Description: str
    Value: dict[str, Any]


class Template(_Model):
    """The whole file."""

    AWSTemplateFormatVersion: Literal["2010-09-09"] = "2010-09-09"
    Description: str
    Parameters: dict[str, Parameter]
    Rules: dict[str, Rule]
    Conditions: dict[str, dict[str, Any]]
    Resources: dict[str, Resource]
    Outputs: dict[str, Output]


def template(spec: AppSpec, facts: Facts) -> Template:
    """Return the template. Raises ValueError where a generated secret would not serve."""
    secrets, injected, plain = variables(spec, facts)
    parts = (
        network(), groups(spec), database(spec, facts), secrets, balancer(spec, facts),
        task(spec, facts, plain, injected),
    )  # fmt: skip
    return Template(
        Description=f"{spec.title}: {spec.tagline}",
        Parameters=_parameters(spec, facts),
        Rules={"CertificateNeedsDomain": _certificate_rule()},
        Conditions={
            "HasCertificate": _is_given("CertificateArn"),
            "HasDomain": _is_given("Domain"),
            **{f"Has{title(name)}": _is_given(title(name)) for name in _prompts(spec)},
        },
        Resources={name: Resource.model_validate(each) for part in parts for name, each in part.items()},
        Outputs=_outputs(),
    )


def _parameters(spec: AppSpec, facts: Facts) -> dict[str, Parameter]:
    prompts = {
        title(variable.name): Parameter(Description=variable.why, NoEcho=True, Default=_default(variable))
        for variable in map(spec.variable, _prompts(spec))
    }
    return {
        "Image": Parameter(
            Description="The image to run, with its digest, from a registry that needs no password or from ECR here.",
            Default=spec.source.reference if isinstance(spec.source, Image) else None,
            AllowedPattern=PINNED,
            ConstraintDescription="name@sha256:<64 hex digits>, so that what runs never changes by itself",
        ),
        "Domain": Parameter(
            Description="The host name that people use; empty for the load balancer's own.",
            AllowedPattern=r"^(([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})?$",
            ConstraintDescription="a host name in lower case, without https://",
            Default="",
        ),
        "CertificateArn": Parameter(
            Description="The certificate of Domain in ACM of this region. Empty: plain HTTP, readable on the way.",
            AllowedPattern=r"^(arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+)?$",
            ConstraintDescription="the ARN of a certificate in ACM",
            Default="",
        ),
        "VisitorRange": Parameter(
            Description="The addresses that may reach the site, 0.0.0.0/0 for all.",
            Default="0.0.0.0/0",
            AllowedPattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$",
            ConstraintDescription="an IPv4 range such as 203.0.113.0/24",
        ),
        "DatabaseClass": Parameter(
            Description="The size of the database.",
            Default=facts.text("database_plan"),
            AllowedValues=tuple(facts.table("database_plans")),
        ),
        "DatabaseStandby": Parameter(
            Description="Whether a second database in another zone stands by, at twice the price.",
            Default="false",
            AllowedValues=("true", "false"),
        ),
        **prompts,
    }


def _default(variable: Variable) -> str | None:
    return None if isinstance(variable.origin, Prompt) and variable.origin.required else ""


def _certificate_rule() -> Rule:
    words = "A certificate is for a host name: give Domain too."
    return Rule(
        RuleCondition=_is_given("CertificateArn"),
        Assertions=(Assertion(Assert=_is_given("Domain"), AssertDescription=words),),
    )


def _is_given(parameter: str) -> dict[str, Any]:
    return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}


def _prompts(spec: AppSpec) -> list[str]:
    return [variable.name for variable in spec.variables if isinstance(variable.origin, Prompt)]


def _outputs() -> dict[str, Output]:
    return {
        "Url": Output(
            Description="Where the site is",
            Value=address(),
        ),
        "SetupCode": Output(
            Description="Prints the code that the setup page asks for",
            Value=sub(
                "aws secretsmanager get-secret-value --region ${AWS::Region} --query SecretString --output text "
                "--secret-id ${MathesarSetupCode}"
            ),
        ),
        "BalancerName": Output(
            Description="What a CNAME record of Domain must point to", Value={"Fn::GetAtt": ["Balancer", "DNSName"]}
        ),
        "KeySecret": Output(Description="The key, which belongs to every backup", Value=ref("SecretKey")),
        "LogGroup": Output(Description="The log of the app", Value=ref("Log")),
    }


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return template.yaml and the install page. There is no button: quick-create links need the file in S3."""
    facts = load_facts(__file__)
    made = template(spec, facts)
    data = _commented(made.model_dump(exclude_none=True))
    return {
        PATH: yaml(data, header=NOTICE),
        "platforms/aws/README.md": page(
            Path(__file__).with_name("install.md.j2"), spec, facts, label="AWS", given=_given(spec)
        ),
    }


def _given(spec: AppSpec) -> dict[str, str]:
    given = {"APP_PLATFORM": "the template", "PORT": "the template"}
    for variable in spec.variables:
        match variable.origin:
            case Generated():
                given[variable.name] = f"the secret `{title(variable.name)}`, generated by Secrets Manager"
            case FromDatabase():
                given[variable.name] = f"the secret `{title(variable.name)}`, made of the database's address"
            case PublicHost():
                given["APP_URL"] = "the parameter `Domain`, else the load balancer's name"
            case Prompt():
                given[variable.name] = f"the parameter `{title(variable.name)}`, through a secret"
            case Constant():
                given[variable.name] = "the template"
    return given


def _commented(data: dict[str, Any]) -> dict[str, Any]:
    resources = data["Resources"]
    words = "No NAT gateway: tasks have public addresses, and a group that lets in the load balancer alone."
    resources["Network"] = Noted(resources["Network"], words)
    words = "A task is given whole secrets, never a text around one: so the URL is a secret of its own."
    resources["DatabaseUrl"] = Noted(resources["DatabaseUrl"], words)
    words = "What it encrypted is lost with it: it outlives the stack, as the database's snapshot does."
    resources["SecretKey"] = Noted(resources["SecretKey"], words)
    return data
