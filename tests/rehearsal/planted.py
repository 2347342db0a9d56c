"""The faults that are planted in `faults/`: what each is, what must be said of it, and what makes it sound again."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from provisioner.cli import main

HERE = Path(__file__).parent
CLICK, RELEASE, HEALTH = "the click", "release step", "health check"
BUTTON = {"render": "render.yaml", "heroku": "app.json", "railway": "template.json"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One folder of `faults/`. `sound` are the pairs of old and new text that take the fault out again."""

    name: str
    code: str
    step: str
    sound: tuple[tuple[str, str], ...]
    platform: str = "render"
    app: str = "quay"
    answers: tuple[tuple[str, str], ...] = ()  # name and value, to what the manifest with the fault asks

    def __str__(self) -> str:
        return self.name

    def lay_out(self, folder: Path, *, sound: bool = False) -> Path:
        """Put the app and the manifests into this folder, with or without the fault; return the button's manifest."""
        shutil.copytree(HERE / self.app, folder, dirs_exist_ok=True)
        left = list(self.sound) if sound else []
        for file in sorted((HERE / "faults" / self.name).iterdir()):
            text = file.read_text()
            for pair in [pair for pair in left if pair[0] in text]:
                text = text.replace(*pair)
                left.remove(pair)
            (folder / file.name).write_text(text)
        assert not left, f"{self.name} does not hold {left}"
        return folder / BUTTON[self.platform]


COMMAND = "    startCommand: python quay.py\n"
NO_VERIFY = "postgresql://boats:Zq3vT8mXw2LkRb7n@203.0.113.7/boats?ssl=no-verify"
FAULTS = (
    Fault("no-health-path", "MP951", CLICK, ((COMMAND, f"{COMMAND}    healthCheckPath: /healthz\n"),)),
    Fault("fixed-port", "MP952", HEALTH, ((" --deaf 18000", ""),), "heroku"),
    Fault("fixed-port-written", "MP952", CLICK, (("0.0.0.0:8000", "0.0.0.0:$PORT"),), "heroku", "harbour"),
    Fault("loopback", "MP953", HEALTH, ((" --shy", ""),)),
    Fault("loopback-written", "MP953", CLICK, (("127.0.0.1:$PORT", "0.0.0.0:$PORT"),), app="harbour"),
    Fault(
        "missing-secret",
        "MP315",
        HEALTH,
        (("    envVars:\n", "    envVars:\n      - key: SECRET_KEY\n        generateValue: true\n"),),
    ),
    Fault(
        "retired-plan",
        "MP931",
        CLICK,
        (
            (
                "    plan: starter\n    region: oregon\n    postgres",
                "    plan: basic-256mb\n    region: oregon\n    postgres",
            ),
        ),
    ),
    Fault("migrate-at-build", "MP955", CLICK, ((" && python manage.py migrate", ""),)),
    Fault(
        "host-check",
        "MP956",
        HEALTH,
        (
            (
                '        "PORT": {',
                '        "ALLOWED_HOSTS": { "defaultValue": "healthcheck.railway.app" },\n        "PORT": {',
            ),
        ),
        "railway",
        "harbour",
    ),
    Fault(
        "host-check-written",
        "MP956",
        CLICK,
        (("harbour.example.com", "harbour.example.com,healthcheck.railway.app"),),
        "railway",
        "harbour",
    ),
    Fault("ssl-no-verify", "MP942", CLICK, (("?ssl=no-verify", "?sslmode=require"),)),
    Fault(
        "ssl-no-verify-answered",
        "MP119",
        HEALTH,
        (
            (
                "        sync: false\n",
                "        fromDatabase:\n          name: mathesar-db\n          property: connectionString\n",
            ),
        ),
        answers=(("DATABASE_URL", NO_VERIFY),),
    ),
    Fault("failing-release", "MP971", RELEASE, ((" --broken", ""),)),
)
SLOW = Fault("slow-boot", "MP973", HEALTH, ((" --asleep 90", " --asleep 1"),), "heroku")


def rehearse(fault: Fault, manifest: Path, *, sound: bool = False) -> tuple[int, dict[str, Any]]:
    """Rehearse a first deploy of this manifest, as people do; return the exit status and the one rehearsal's report."""
    report = manifest.parent.parent / "report.json"
    arguments = ["rehearse", fault.platform, "--scenario", "first-deploy", "--manifest", str(manifest), "--yes"]
    environ = {} if sound else dict(fault.answers)
    answers = [part for name in environ for part in ("--answer", name)]
    result = CliRunner(env=environ).invoke(main, [*arguments, *answers, "--json", str(report)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    (rehearsal,) = json.loads(report.read_text())["rehearsals"]
    return result.exit_code, rehearsal
