"""The frame of a CloudFormation template, in types: what a resource may say is for AWS's own schemas and cfn-lint."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from provisioner.lint.grammar import Grammar, Open


class Parameter(Open):
    Type: str


class Resource(Open):
    Type: str
    Properties: dict[str, Any] | None = None


class Template(Grammar):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html

    ``Globals`` belongs to the Serverless transform.
    """

    AWSTemplateFormatVersion: Literal["2010-09-09"] | None = None
    Description: str | None = None
    Metadata: Any = None
    Parameters: dict[str, Parameter] | None = None
    Rules: dict[str, Any] | None = None
    Mappings: dict[str, Any] | None = None
    Conditions: dict[str, Any] | None = None
    Transform: Any = None
    Globals: Any = None
    Hooks: Any = None
    Resources: dict[str, Resource] = Field(min_length=1)
    Outputs: dict[str, Any] | None = None
