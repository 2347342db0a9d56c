"""``service.yaml``: one Knative service as ``gcloud run services replace`` reads it, in its strict form."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.facts import Facts
from provisioner.layout import Noted, yaml
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, PublicHost

PATH = "platforms/cloudrun/service.yaml"
PERIOD = 5  # seconds between two startup probes


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretKey(_Model):
    """A secret of Secret Manager; ``key`` is its version."""

    name: str
    key: Literal["latest"] = "latest"


class ValueFrom(_Model):
    """The one source of a value that Cloud Run knows."""

    secretKeyRef: SecretKey


class EnvVar(_Model):
    """One of ``value`` and ``valueFrom``."""

    name: str
    value: str | None = None
    valueFrom: ValueFrom | None = None


class HttpGet(_Model):
    """Any answer from 200 to 399 will do."""

    path: str = Field(pattern="^/")


class Probe(_Model):
    """Times in seconds."""

    httpGet: HttpGet
    periodSeconds: int = Field(ge=1)
    timeoutSeconds: int = Field(ge=1)
    failureThreshold: int = Field(ge=1)


class Port(_Model):
    """Where requests go; Cloud Run says it in PORT."""

    containerPort: int


class Resources(_Model):
    """Of each instance."""

    limits: dict[Literal["cpu", "memory"], str]


class Container(_Model):
    """https://cloud.google.com/run/docs/reference/rest/v1/Container; the image itself says what is run."""

    image: str
    ports: tuple[Port, ...]
    resources: Resources
    startupProbe: Probe
    livenessProbe: Probe
    env: tuple[EnvVar, ...]


class RevisionSpec(_Model):
    """``timeoutSeconds`` is that of a request."""

    timeoutSeconds: int = 300
    containers: tuple[Container]


class Metadata(_Model):
    """A service's name, or a revision's annotations."""

    name: str | None = None
    annotations: dict[str, str]


class Template(_Model):
    """What each revision is like."""

    metadata: Metadata
    spec: RevisionSpec


class ServiceSpec(_Model):
    """All traffic goes to the latest revision that is ready."""

    template: Template


class Service(_Model):
    """The whole file."""

    apiVersion: Literal["serving.knative.dev/v1"] = "serving.knative.dev/v1"
    kind: Literal["Service"] = "Service"
    metadata: Metadata
    spec: ServiceSpec


def pulls(image: Image, facts: Facts) -> bool:
    """Tell whether Cloud Run takes the image from where it is: it refuses every other registry."""
    registry = image.parts["registry"] or "docker.io"
    return any(fnmatchcase(registry, pattern) for pattern in facts.texts("registries"))


def service(spec: AppSpec, image: Image, facts: Facts) -> Service:
    """Return the service. Raises ValueError where what the page's command makes up would not serve."""
    network = {
        "autoscaling.knative.dev/maxScale": str(spec.instances),
        "run.googleapis.com/network-interfaces": '[{"network":"default","subnetwork":"default"}]',
        "run.googleapis.com/vpc-access-egress": "private-ranges-only",
    }
    container = Container(
        image=image.reference,
        ports=(Port(containerPort=facts.integer("default_port")),),
        resources=Resources(limits={"cpu": facts.text("cpu"), "memory": f"{spec.memory_mb}Mi"}),
        startupProbe=_probe(spec.ready_path, PERIOD, spec.boot_seconds // PERIOD),
        livenessProbe=_probe(spec.live_path, 30, 3),
        env=tuple(_envs(spec, facts)),
    )
    return Service(
        metadata=Metadata(name=spec.name, annotations={"run.googleapis.com/ingress": "all"}),
        spec=ServiceSpec(
            template=Template(metadata=Metadata(annotations=network), spec=RevisionSpec(containers=(container,)))
        ),
    )


def secret(spec: AppSpec, variable: str) -> str:
    """Return the name of a variable's secret in Secret Manager, which has no room for two installs' same names."""
    return f"{spec.name}-{variable.lower().replace('_', '-')}"


def text(spec: AppSpec, image: Image, facts: Facts) -> str:
    """Return the file's text."""
    data: dict[str, Any] = service(spec, image, facts).model_dump(mode="json", exclude_none=True)
    template = data["spec"]["template"]
    key = "run.googleapis.com/network-interfaces"
    notes = template["metadata"]["annotations"]
    notes[key] = Noted(notes[key], "The project's own network, where Cloud SQL has its private address.")
    container = template["spec"]["containers"][0]
    container["env"] = [Noted(env, spec.variable(env["name"]).why) for env in container["env"]]
    return yaml(data, header=f"{NOTICE}\ngcloud run services replace {PATH} --region {facts.text('region')}")


def _probe(path: str, period: int, failures: int) -> Probe:
    return Probe(httpGet=HttpGet(path=path), periodSeconds=period, timeoutSeconds=PERIOD, failureThreshold=failures)


def _envs(spec: AppSpec, facts: Facts) -> Iterator[EnvVar]:
    for variable in spec.variables:
        kept = EnvVar(name=variable.name, valueFrom=ValueFrom(secretKeyRef=SecretKey(name=secret(spec, variable.name))))
        match variable.origin:
            case Generated(typed=True) | Prompt(required=False) | PublicHost():
                continue  # the log has a code, and Google's front end checks the host
            case Generated() as need:
                if reason := unfit(need, recipe(facts.table("own_recipe"))):
                    raise ValueError(f"openssl rand does not serve {variable.name}: {reason}")
                yield kept
            case FromDatabase() | Prompt():
                yield kept
            case Constant(value=value):
                yield EnvVar(name=variable.name, value=value)
