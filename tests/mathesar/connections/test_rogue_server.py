"""A server that a person was talked into adding learns nothing but what was typed for it, and no password at all."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.rogue_server import CLEARTEXT, MD5, SALT, RogueServer
from tests.tls_certificate import write_certificate

ROOT = Path(__file__).resolve().parents[3]
TYPED = "typed-for-this-server-1"
OURS = {name: f"ours-{name}-5ecret" for name in ("pgpassword", "passfile", "home-passfile", "service", "home-service")}
# What the person's URL or the environment's entry says, each tried in turn.
KEYWORDS = sorted(each.keyword.decode() for each in psycopg.pq.Conninfo.get_defaults())
CHILD = """
import json, sys
import provisioner
from mathesar import current
from mathesar.connections.credentials import read_url
from mathesar.connections.errors import InvalidFields
from provisioner.connecting import ConnectFailed, connect
from provisioner.findings import InvalidEnvironment
outcome = {}
for url in json.load(sys.stdin):
    for profile in ("entry", "person"):
        try:
            if profile == "entry":
                parsed = provisioner.parse_database_url(url, profile="local")
            else:
                parsed = read_url(url).url()
        except (InvalidEnvironment, InvalidFields):
            outcome[f"{profile} {url}"] = "refused"
            continue
        try:
            connect(parsed, profile="local").close()
            outcome[f"{profile} {url}"] = "connected"
        except ConnectFailed as failed:
            outcome[f"{profile} {url}"] = failed.code
print(json.dumps(outcome))
"""


@pytest.fixture
def planted(tmp_path: Path) -> dict[str, str]:
    """Give an environment whose every corner holds a secret that libpq would find by itself."""
    write_certificate(tmp_path, "client")
    keep = tmp_path / ".postgresql"
    keep.mkdir()
    (tmp_path / "certificate.pem").rename(keep / "postgresql.crt")
    (tmp_path / "key.pem").rename(keep / "postgresql.key")
    files = {
        "passfile": f"*:*:*:*:{OURS['passfile']}\n",
        ".pgpass": f"*:*:*:*:{OURS['home-passfile']}\n",
        "services": f"[one]\npassword={OURS['service']}\nuser=service-user-5ecret\n",
        ".pg_service.conf": f"[one]\npassword={OURS['home-service']}\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    return {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PGPASSWORD": OURS["pgpassword"], "PGSERVICE": "one",
        "PGSERVICEFILE": str(tmp_path / "services"), "PGPASSFILE": str(tmp_path / "passfile"),
        "PGOPTIONS": "-c ours-options-5ecret=1", "PGAPPNAME": "ours-appname-5ecret", "PGREQUIREAUTH": "password",
        "SECRET_KEY": "q8Wc2vN5xLr0TzYb7KjHf3MsGd9PaEu1oXiR6tVn4CmBwQkZhS",
        "PGUSER": "ours-user-5ecret", "PGHOSTADDR": "127.0.0.1",
    }  # fmt: skip


def values(folder: str) -> dict[str, str]:
    """Return a value for each keyword that would do harm, where one could."""
    harm = {
        "passfile": f"{folder}/passfile", "service": "one", "servicefile": f"{folder}/services",
        "sslcert": f"{folder}/.postgresql/postgresql.crt", "sslkey": f"{folder}/.postgresql/postgresql.key",
        "sslkeylogfile": f"{folder}/keylog", "sslcertmode": "require", "require_auth": "password",
        "sslmode": "disable", "gssencmode": "disable", "port": "1", "hostaddr": "127.0.0.1",
    }  # fmt: skip
    return {keyword: harm.get(keyword, "1") for keyword in KEYWORDS}


@pytest.mark.parametrize("method", [CLEARTEXT, MD5], ids=["cleartext", "md5"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_nothing_of_ours_is_told(planted: dict[str, str], tmp_path: Path, method: int, tls: bool) -> None:
    folder = tmp_path / "rogue"
    folder.mkdir()
    certificate = write_certificate(folder, "localhost") if tls else None
    with RogueServer(method, certificate) as rogue:
        base = f"postgresql://mallory:{TYPED}@127.0.0.1:{rogue.port}/theirs"
        mode = "sslmode=require" if tls else "sslmode=prefer"
        urls = [f"{base}?{mode}"] + [
            f"{base}?{keyword}={value}" + ("" if keyword == "sslmode" else f"&{mode}")
            for keyword, value in values(planted["HOME"]).items()
        ]
        done = subprocess.run(
            [sys.executable, "-c", CHILD], cwd=ROOT, env=planted, input=json.dumps(urls), capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert len(outcome) == 2 * len(urls) > 80
    assert "connected" not in outcome.values()
    tried = [each for each, result in outcome.items() if result != "refused"]
    assert len(tried) > 10
    assert b"mallory" in rogue.heard
    for secret in OURS.values():
        assert secret.encode() not in rogue.heard
        hashed = hashlib.md5((secret + "mallory").encode()).hexdigest().encode()
        assert hashlib.md5(hashed + SALT).hexdigest().encode() not in rogue.heard
    assert b"5ecret" not in rogue.heard
    assert rogue.client_certificates == []
    assert not (tmp_path / "keylog").exists()
    if method == CLEARTEXT:
        asked = {each for each in tried if "require_auth=password" not in each}
        assert {outcome[each] for each in asked if "sslmode=verify" not in each} <= {"cleartext", "tls", "refused"}
        told = rogue.heard.count(TYPED.encode())
        assert told == sum("require_auth=password" in each for each in tried)  # only where the URL itself says so
