"""How Heroku turns ``app.json`` and ``heroku.yml`` into a running app: https://devcenter.heroku.com/articles/dynos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.document import Document
from provisioner.recipes import recipe
from provisioner.rehearsal.reading import (
    command,
    habits,
    injected,
    label_of,
    scalar,
    table,
    tables,
    text,
    variable,
    whole,
)
from provisioner.rehearsal.wanted import Asked, Given, MadeUp, OfApp, OfDatabase, Origin, Wanted

MANIFESTS = ("app.json", "heroku.yml")
POSTGRES = "heroku-postgresql"
METADATA = "runtime-dyno-metadata"
_FACTS = load_facts(__file__)

HABITS = habits(
    _FACTS,
    "Heroku",
    inject=injected(_FACTS.table("injected")),
    accepts=range(0),  # nothing is asked: the port is open, or it is not
    boot_seconds=_FACTS.integer("boot_seconds"),
    tls="required",
    forwarded=_FACTS.table("forwarded"),
)


def read(documents: Mapping[str, Document]) -> Wanted:
    """Return the app with its ``web`` process; raises ValueError where the button would refuse it."""
    if MANIFESTS[0] not in documents:
        raise ValueError("there is no app.json, which the button reads")
    data, facts = documents[MANIFESTS[0]].data, load_facts(__file__)
    if not isinstance(data, dict):
        raise ValueError("app.json is not a table")
    _check_stack(data, documents, facts)
    web = table(table(data.get("formation")).get("web"))
    size = (text(web.get("size")) or facts.text("web_plan")).lower()
    plans, gone = facts.table("web_plans"), facts.table("web_plans_retired")
    if size not in plans and size not in gone:
        raise ValueError(f"app.json asks for dynos of a size that is none: {size[:40]}")
    if size in gone and not gone[size].endswith(size):  # a shorter name of the same size is still taken
        raise ValueError(f"dynos of the size {size} are not sold any more")
    run, release = _commands(documents.get(MANIFESTS[1]))
    databases = list(_databases(data.get("addons"), facts))
    return Wanted(
        name=label_of(data.get("name"), "app"),
        envs={**_envs(data, facts), **dict.fromkeys(databases, OfDatabase())},
        command=run,
        release=release,
        instances=whole(web.get("quantity"), 1, "the quantity of web dynos", least=1),
        plan=size,
        memory_mb=int(plans[gone.get(size, size)]["memory_mb"]),
        shutdown_seconds=facts.integer("shutdown_seconds"),
        database=bool(databases),
        dbname=facts.text("database_name"),
        role=facts.text("database_role"),
        postgres=_version(data.get("addons")),
    )


def _check_stack(data: dict[str, Any], documents: Mapping[str, Document], facts: Facts) -> None:
    stack = text(data.get("stack")) or facts.text("stack_next")
    if stack in facts.texts("stacks_retired"):
        raise ValueError(f"nothing is built on the stack {stack} any more")
    if stack not in facts.texts("stacks"):
        raise ValueError(f"app.json asks for a stack that is none: {stack[:40]}")
    if stack == "container" and MANIFESTS[1] not in documents:
        raise ValueError("the stack container builds what heroku.yml says, and there is none")


def _commands(document: Document | None) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return the commands of ``web`` and of the release phase; None is the image's own, and none."""
    if document is None:
        return None, None
    if not isinstance(document.data, dict):
        raise ValueError("heroku.yml is not a table")
    run = table(document.data.get("run"))
    built = table(table(document.data.get("build")).get("docker"))
    if "web" not in run and "web" not in built:
        raise ValueError("heroku.yml has no web process, so that nothing would serve")
    found = {"run.web": run.get("web"), "release": document.data.get("release")}
    plain = {what: value.get("command") if isinstance(value, dict) else value for what, value in found.items()}
    web, release = (command(value, f"{what} of heroku.yml") for what, value in plain.items())
    return web, release


def _envs(data: dict[str, Any], facts: Facts) -> dict[str, Origin]:
    envs = {variable(name): _origin(env, name, facts) for name, env in table(data.get("env")).items()}
    labs = data.get("labs")
    if isinstance(labs, list) and METADATA in labs:
        # https://devcenter.heroku.com/articles/dyno-metadata; without the feature none of it is there
        envs |= {"HEROKU_APP_NAME": Given(label_of(data.get("name"))), "HEROKU_APP_DEFAULT_DOMAIN_NAME": OfApp()}
    return envs


def _origin(env: Any, name: str, facts: Facts) -> Origin:
    if not isinstance(env, dict):
        return Asked(required=True, default=scalar(env, name))
    if env.get("generator") is not None:
        if env["generator"] != "secret":
            raise ValueError(f"the generator of {name} is not secret, the only one there is")
        return MadeUp(recipe(facts.table("secret_recipe")))
    # What the form shows can be changed there.
    words = text(env.get("description")) or ""
    return Asked(words, required=env.get("required") is not False, default=scalar(env.get("value"), name))


def _version(addons: Any) -> str:
    """Return the version that the first PostgreSQL add-on is asked for; empty where it is left to Heroku."""
    found = [addon for addon in tables(addons) if (text(addon.get("plan")) or "").partition(":")[0] == POSTGRES]
    return text(table(found[0].get("options")).get("version")) or "" if found else ""


def _databases(addons: Any, facts: Facts) -> Iterator[str]:
    """Yield the config vars that PostgreSQL add-ons set. Raises ValueError for a plan that is not sold."""
    first = True
    for addon in addons if isinstance(addons, list) else []:
        plan, alias = (addon.get("plan"), text(addon.get("as"))) if isinstance(addon, dict) else (addon, None)
        if not isinstance(plan, str) or not plan:
            raise ValueError("app.json has an add-on without a plan")
        service, _, chosen = plan.partition(":")
        if service != POSTGRES:
            continue
        if chosen in facts.table("database_plans_retired"):
            raise ValueError(f"the add-on {plan} is not sold any more")
        if first:
            yield "DATABASE_URL"
        if alias is not None:
            yield variable(f"{alias.upper()}_URL")
        first = False
