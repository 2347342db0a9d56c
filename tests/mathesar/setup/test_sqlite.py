"""The first run where the internal database is SQLite: an own machine that names databases of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.mathesar import plans
from tests.postgres import free_port
from tests.system.inside import ROOT, code
from tests.system.process import Mathesar

PASSWORD = "Analytical engine 1843"
LINES = "from mathesar.setup.announce import lines\nprint('\\n'.join(lines(plan)))"
AT_ONCE = 8


def said(environ: dict[str, str]) -> str:
    """Return what start-up would say of the setup."""
    done = subprocess.run(
        [sys.executable, "-c", code(LINES)], cwd=ROOT, env={"PATH": os.environ["PATH"], **environ},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_one_of_many_claims_it(tmp_path: Path) -> None:
    environ = {
        "MATHESAR_DATA_DIR": str(tmp_path),
        "SECRET_KEY": plans.KEY,
        "PORT": str(free_port()),
        "MATHESAR_DATABASES": "(away|postgresql://u:n0-such-pw@127.0.0.1:1/away)",
    }
    with Mathesar(environ) as process:
        process.wait("/readyz")
        found = re.search(r"Setup code: (\S+)  Open http://localhost:\d+/setup#\1$", said(environ))
        assert found is not None
        page = process.get("/setup")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert token is not None
        cookie = next(line.split(";")[0] for line in page.cookies if "csrf" in line)

        def post(number: int, typed: str) -> int:
            fields = {"code": typed, "username": f"ada{number}", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            return process.get("/setup", method="POST", headers=headers, body=urlencode(fields)).status

        assert post(0, "WRNG") == 403
        with ThreadPoolExecutor(AT_ONCE) as visitors:
            statuses = list(visitors.map(post, range(AT_ONCE), [found[1]] * AT_ONCE))
        assert statuses.count(302) == 1
        assert set(statuses) <= {302, 404, 409, 503}
        assert process.get("/setup").status == 404
        assert PASSWORD not in process.log
        assert "Traceback" not in process.log
    assert said(environ) == ""
