"""Where the setup code is found, in each platform's own words. Facts about their dashboards, not about us."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.planning import Plan

VARIABLE = "MATHESAR_SETUP_CODE"


@dataclass(frozen=True)
class Place:
    """A place to look: one sentence, and a command where there is one."""

    text: str
    command: str = ""


_IN_THE_LOG = {
    "render": Place("Open the service in the Render dashboard, then its Logs tab, and look for “Setup code”."),
    "railway": Place(
        "Open the service in Railway, then Deployments, then View logs of the latest one, and look for “Setup code”."
    ),
    "digitalocean": Place("Open the app in DigitalOcean, then its Runtime Logs tab, and look for “Setup code”."),
    "heroku": Place("Put your app's name for APP and look for “Setup code” in its log:", "heroku logs -n 500 -a APP"),
    "fly": Place("Look for “Setup code” in the log:", "fly logs"),
    "compose": Place("Look for “Setup code” in the log:", "docker compose logs app"),
    "kubernetes": Place(
        "Put your release's name for RELEASE and look for “Setup code” in the log:",
        "kubectl logs -l app.kubernetes.io/instance=RELEASE,app.kubernetes.io/component=app --tail=-1",
    ),
    "cloudron": Place("Open the app in Cloudron, then its Logs, and look for “Setup code”."),
    "koyeb": Place("Open the service in Koyeb, then its Console, and look for “Setup code”."),
}
_IN_THE_VARIABLES = {
    "render": Place(f"Open the service in the Render dashboard, then its Environment tab, and reveal {VARIABLE}."),
    "railway": Place(f"Open the service in Railway, then its Variables tab, and reveal {VARIABLE}."),
    "digitalocean": Place(
        f"It is what {VARIABLE} was set to: open the app in DigitalOcean, then Settings, then Environment Variables."
    ),
    "heroku": Place("Put your app's name for APP:", f"heroku config:get {VARIABLE} -a APP"),
    "kubernetes": Place(
        "Put your release's name for RELEASE; its notes say how to read the code:", "helm status RELEASE"
    ),
    "dokku": Place("Put your app's name for APP:", f"dokku config:get APP {VARIABLE}"),
    "caprover": Place(f"Open the app in CapRover, then App Configs, and read {VARIABLE}."),
    "coolify": Place(f"Open the service in Coolify, then Environment Variables, and reveal {VARIABLE}."),
    "cloudrun": Place(f"Open the service in the Google Cloud console, then its Variables, and read {VARIABLE}."),
    "aws": Place(f"Open the stack in CloudFormation, then Outputs: they lead to the secret that holds {VARIABLE}."),
}


def place(plan: Plan) -> Place:
    """Return where the owner of this install reads the code."""
    if plan.setup_code is not None:
        return _IN_THE_VARIABLES.get(plan.platform or "", Place(f"It is the value of the variable {VARIABLE}."))
    return _IN_THE_LOG.get(
        plan.platform or "", Place("It is in the terminal where Mathesar runs: look for “Setup code”.")
    )
