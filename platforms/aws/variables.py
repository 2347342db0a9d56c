"""Where each of the app's variables comes from: a plain value, a secret that is generated, one that is composed."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from provisioner.facts import Facts
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Prompt, PublicHost

from .resources import OWNER, OWNERS_PASSWORD, Table, either, ref, resource, sub

Injected: TypeAlias = dict[str, tuple[str, str | None]]  # variable -> its secret, and the condition of that


def title(name: str) -> str:
    """Return a variable's name as a resource's: letters and digits alone."""
    return "".join(part.capitalize() for part in name.split("_"))


def address() -> dict[str, Any]:
    """Return the site's URL; a rule of the template sees to it that a certificate comes with its host name."""
    plain = either("HasDomain", sub("http://${Domain}"), sub("http://${Balancer.DNSName}"))
    return either("HasCertificate", sub("https://${Domain}"), plain)


def variables(spec: AppSpec, facts: Facts) -> tuple[Table, Injected, dict[str, Any]]:
    """Return the secrets as resources, what the task gets of them, and the plain variables."""
    owner = _generate(facts, "secret_recipe", SecretStringTemplate=json.dumps({"username": OWNER}))
    secrets: Table = {"DatabaseOwner": _secret("The owner of the database", GenerateSecretString=owner)}
    injected: Injected = {}
    plain: dict[str, Any] = {"APP_PLATFORM": "aws", "PORT": str(spec.port)}
    for variable in spec.variables:
        name = title(variable.name)
        match variable.origin:
            case Constant(value=value):
                plain[variable.name] = value
                continue
            case PublicHost():
                plain["APP_URL"] = address()
                continue
            case Generated() as need:
                fact = "code_recipe" if need.typed else "secret_recipe"
                if reason := unfit(need, recipe(facts.table(fact))):
                    raise ValueError(f"GenerateSecretString does not serve {variable.name}: {reason}")
                # What is encrypted with a key is lost with it: the key outlives the stack, as the snapshot does.
                secrets[name] = _secret(variable.why, kept=not need.typed, GenerateSecretString=_generate(facts, fact))
                injected[variable.name] = (name, None)
            case FromDatabase(part="url"):
                secrets[name] = _secret(variable.why, SecretString=sub(_url(spec)))
                injected[variable.name] = (name, None)
            case FromDatabase(part=part):
                raise ValueError(f"{variable.name}: a secret holds the whole URL, not its {part}")
            case Prompt():
                stored = f"{name}Value"
                secrets[stored] = _secret(variable.why, SecretString=ref(name)) | {"Condition": f"Has{name}"}
                injected[variable.name] = (stored, f"Has{name}")
    return secrets, injected, plain


def _url(spec: AppSpec) -> str:
    # A task can be given a whole secret or one key of it, never a text around it: so the URL is a secret of its own.
    place = "${Database.Endpoint.Address}:${Database.Endpoint.Port}"
    return f"postgresql://{OWNER}:{OWNERS_PASSWORD}@{place}/{spec.dbname}?sslmode=require"


def _secret(words: str, *, kept: bool = False, **properties: Any) -> dict[str, Any]:
    policies = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if kept else {}
    return resource("SecretsManager::Secret", {"Description": words, **properties}, **policies)


def _generate(facts: Facts, fact: str, **template: str) -> dict[str, Any]:
    key = {"GenerateStringKey": "password"} if template else {}
    return {"PasswordLength": recipe(facts.table(fact)).length, "ExcludePunctuation": True, **template, **key}
