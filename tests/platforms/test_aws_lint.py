"""CloudFormation templates as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.aws import lint, manifest
from platforms.aws.short_forms import long_forms
from provisioner.lint.document import Document, read
from provisioner.lint.engine import lint_text
from provisioner.spec_mathesar import mathesar
from tests.platforms.linting import damage, junk, kinds_in

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"
TASK = (
    HEAD + "Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n"
    "      - {Name: app, Image: 'nginx:1.29'%s}\n"
)
ENV = TASK % ", Environment: [%s]"
DB = HEAD + "Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres%s}\n"
GROUP = HEAD + (
    "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {SecurityGroupIngress: [{IpProtocol: tcp, "
    "FromPort: %s, ToPort: %s, CidrIp: 0.0.0.0/0}]}\n"
)
ALL = (
    "  G:\n    Type: AWS::EC2::SecurityGroup\n"
    "    Properties: {SecurityGroupIngress: {IpProtocol: -1, CidrIpv6: '::/0'}}\n"
)
SECRET = HEAD + "Resources:\n  S:\n    Type: AWS::SecretsManager::Secret\n    Properties: {SecretString: %s}\n"
DEFAULT = "Parameters: {DBPassword: {Type: String, Default: hunter22}}\n"
GENERATED = (
    "  S:\n    Type: AWS::SecretsManager::Secret\n    Properties: {GenerateSecretString: {PasswordLength: %s}}\n"
)
TARGET = "  L:\n    Type: AWS::ElasticLoadBalancingV2::TargetGroup\n    Properties: {Port: 80}\n"
CONTAINER = "Resources.T.Properties.ContainerDefinitions[0]"
OPEN = "Resources.G.Properties.SecurityGroupIngress[0]"


def kinds(text: str, name: str = "template.yaml") -> dict[str, str]:
    return kinds_in(text, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TASK % "", {}),
        (TASK.replace(":1.29", "") % "", {f"{CONTAINER}.Image": "image-floating"}),
        (TASK.replace("'nginx:1.29'", "!Sub '${Registry}/x:latest'") % "", {}),
        (TASK % ", StopTimeout: 5", {f"{CONTAINER}.StopTimeout": "shutdown-short"}),
        (TASK % ", Command: [gunicorn, -b, '127.0.0.1:80']", {f"{CONTAINER}.Command": "bind-loopback"}),
        (ENV % "{Name: SECRET_KEY, Value: Zq3vT8mXw2Lk}", {
            f"{CONTAINER}.Environment[0].Value": "secret-in-clear"}),
        (ENV % "{Name: SECRET_KEY, Value: !Ref S}" + GENERATED % 50, {}),
        (ENV % "{Name: SECRET_KEY, Value: {Ref: S}}" + GENERATED % 50, {}),
        (ENV % "{Name: SECRET_KEY, Value: '{{resolve:secretsmanager:x}}'}", {}),
        (ENV % "{Name: PGSSLMODE, Value: disable}", {f"{CONTAINER}.Environment[0].Value": "tls-off"}),
        (ENV % "{Name: ALLOWED_HOSTS, Value: data.example.com}", {}),
        (ENV % "{Name: ALLOWED_HOSTS, Value: data.example.com}" + TARGET, {
            f"{CONTAINER}.Environment[0].Value": "host-check"}),
        (ENV % "{Name: ALLOWED_HOSTS, Value: '*'}" + TARGET, {}),
        (TASK % ", Secrets: [{Name: SECRET_KEY, ValueFrom: !Ref S}]" + GENERATED % 50, {}),
        (TASK % ", Secrets: [{Name: SECRET_KEY, ValueFrom: !Ref S}]" + GENERATED % 16, {
            f"{CONTAINER}.Secrets[0]": "secret-shape"}),
        (TASK % ", Secrets: [{Name: SECRET_KEY, ValueFrom: !Ref Gone}]", {
            f"{CONTAINER}.Secrets[0].ValueFrom": "reference-unknown"}),
        ("Transform: AWS::LanguageExtensions\n" + TASK % ", Secrets: [{Name: A, ValueFrom: !Ref Gone}]", {}),
        (DB % "", {}),
        (DB % ", PubliclyAccessible: true", {"Resources.D.Properties.PubliclyAccessible": "database-open"}),
        (DB % ", PubliclyAccessible: 'True'", {"Resources.D.Properties.PubliclyAccessible": "database-open"}),
        (DB % ", PubliclyAccessible: !Ref D", {}),
        (DB % ", MasterUserPassword: Zq3vT8mXw2Lk", {
            "Resources.D.Properties.MasterUserPassword": "secret-in-clear"}),
        (DB % ", MasterUserPassword: !Ref Password" + "Parameters: {Password: {Type: String, NoEcho: true}}\n", {}),
        (DB % ", MasterUserPassword: !Ref DBPassword" + DEFAULT, {
            "Parameters.DBPassword.Default": "secret-in-clear"}),
        (DB % ", EngineVersion: '17.4'", {}),
        (DB % ", EngineVersion: 12.22", {"Resources.D.Properties.EngineVersion": "version-ending"}),
        (DB % ", EngineVersion: '9.6'", {"Resources.D.Properties.EngineVersion": "version-retired"}),
        (DB.replace("postgres", "mysql") % ", EngineVersion: '8.0'", {}),
        (GROUP % (5432, 5432), {OPEN: "database-open"}),
        (GROUP % (5000, 6000), {OPEN: "database-open"}),
        (GROUP % (3306, 3306), {OPEN: "database-open"}),
        (GROUP % (443, 443), {}),
        (GROUP % (0, 65535), {}),
        (DB % ", VPCSecurityGroups: [!GetAtt G.GroupId]" + ALL, {
            "Resources.G.Properties.SecurityGroupIngress": "database-open"}),
        (DB % "" + ALL, {}),
        (SECRET % "'{\"user\": \"u\"}'", {}),
        (SECRET % "Zq3vT8mXw2Lk", {
            "Resources.S.Properties.SecretString": "secret-in-clear"}),
        (HEAD, {"Resources": "field-absent"}),
        ("AWSTemplateFormatVersion: '2020'\n" + (TASK % "").removeprefix(HEAD), {
            "AWSTemplateFormatVersion": "field-value"}),
        (HEAD + "Resources: {A: {}}\n", {"Resources.A.Type": "field-absent"}),
        (HEAD + "Resources: {'Fn::ForEach::X': [a, [b], {}], A: {Type: 'AWS::SNS::Topic'}}\n", {}),
        ("Resource: {}\n" + TASK % "", {"Resource": "field-unknown"}),
        ("a: {b: c}\n", {"(top)": "manifest-unknown"}),
        ("", {"(top)": "manifest-empty"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


def test_it_is_known_by_what_is_in_it():
    assert lint_text("stack.yaml", TASK % "").platform == "aws"
    assert lint_text("stack.json", '{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}').platform == "aws"


def test_short_forms_are_the_long_ones():
    text = (
        "a: !Ref X\nb: [!Sub '${Y}', !GetAtt A.B.C, plain]\n'c': !If [D, !Ref E, 1]\nd: 'x: !Ref F'\n"
        "e:\n  !Join ['', [x]]\nf: !GetAtt [A, B]\n"
    )
    assert long_forms(read("x.yaml", text)) == {
        "a": {"Ref": "X"}, "b": [{"Fn::Sub": "${Y}"}, {"Fn::GetAtt": ["A", "B.C"]}, "plain"],
        "c": {"Fn::If": ["D", {"Ref": "E"}, 1]}, "d": "x: !Ref F",
        "e": {"Fn::Join": ["", ["x"]]}, "f": {"Fn::GetAtt": ["A", "B"]},
    }  # fmt: skip


JUNK = junk(
    ["Ref", "Fn::GetAtt", "Type", "Properties", "Engine", "EngineVersion", "Environment", "Secrets", "Name", "Default"]
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["Resources", "Parameters", "Outputs", "Transform"]), JUNK, min_size=1))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document("template.yaml", "!", "yaml", {"AWSTemplateFormatVersion": "2010-09-09", **data})
    list(lint.lint(document))
    lint.recognises(Document("template.yaml", "", "yaml", data))


OURS = yaml.safe_load(manifest.files(mathesar())[manifest.PATH])


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    damaged = damage(draw, OURS, JUNK)
    list(lint.lint(Document("template.yaml", "", "yaml", damaged)))
