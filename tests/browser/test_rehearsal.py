"""A platform's button from the click to the second deploy, in a real browser through the edge over TLS."""

from __future__ import annotations

import base64
import hashlib
import importlib
import os
import re
from pathlib import Path

import pytest

from provisioner.lint.document import read
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.pressing import asked, press
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Timeline
from tests.chromium import ARGUMENTS, CHROMIUM

pytest.importorskip("playwright.sync_api")
ROOT = Path(__file__).resolve().parents[2]
SHOTS = os.environ.get("SCREENSHOTS")
PASSWORD = "Seven quiet harbours 1843"
ROWS = """
CREATE TABLE public.berths (id integer PRIMARY KEY, boat text);
INSERT INTO berths VALUES (1, 'Heron'), (2, 'Tern');
GRANT SELECT, INSERT, UPDATE, DELETE ON berths TO "{role}"
"""


@pytest.fixture(params=["digitalocean", "railway"])
def session(request):
    """Press the button; DigitalOcean shows the setup code in the log, Railway asks for further databases."""
    runtime = importlib.import_module(f"platforms.{request.param}.runtime")
    documents = {name: read(name, (ROOT / name).read_text()) for name in runtime.MANIFESTS}
    timeline = Timeline()
    wanted = press(timeline, runtime, documents, {})
    with Keeper() as keeper, Session(wanted, runtime.HABITS, keeper, timeline) as made:
        made.prepare()
        if "MATHESAR_DATABASES" in asked(wanted):
            harbour = made.server.make_role("harbour", "harbour", runtime.HABITS.privileges)
            made.answers["MATHESAR_DATABASES"] = f"(Harbour|{made.url_of(harbour)})"
        for statement in ROWS.format(role=made.role.name).split(";\n"):
            made.server.admin(statement, dbname=made.role.dbname)
        made.deploy()
        yield made
        made.stop()


@pytest.fixture
def page(chromium, session):
    """A browser that knows the edge's certificate and where the platform's host is; it trusts nothing else."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = x509.load_pem_x509_certificate(session.edge_certificate.read_bytes()).public_key()
    known = base64.b64encode(hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest())
    rules = [
        f"--ignore-certificate-errors-spki-list={known.decode()}",
        f"--host-resolver-rules=MAP {session.host} 127.0.0.1",
    ]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *rules])
    yield browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    browser.close()


def look(page, name: str) -> None:
    """Take a picture where one is wanted."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/rehearsal-{name}.png", full_page=True)


def setup_code(session) -> str:
    """Return the code as the person finds it: among the variables, else in the log."""
    lines = "\n".join(line for each in session.live.instances for line in each.lines)
    if "MATHESAR_SETUP_CODE" in session.generated:
        assert "enter the value of MATHESAR_SETUP_CODE" in lines
        assert session.generated["MATHESAR_SETUP_CODE"] not in lines
        return session.generated["MATHESAR_SETUP_CODE"]
    found = re.search(r"Setup code: (\S+)", lines)
    assert found, lines
    return found[1]


def test_from_the_click_to_the_second_deploy(session, page):
    address = f"https://{session.host}:{session.edge.port}"
    page.goto(address)
    assert page.url.endswith("/setup")
    for name, value in {
        "code": setup_code(session),
        "username": "ada",
        "email": "ada@example.org",
        "password": PASSWORD,
    }.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Create and sign in").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/databases/")
    managed = page.get_by_role("link", name="Open").first
    managed.wait_for()
    assert page.get_by_text("Read-only").first.is_visible()  # the definition comes from the environment
    if session.answers:
        assert page.get_by_role("heading", name="Harbour").is_visible()
    look(page, f"databases-{session.wanted.name}")
    database = page.get_by_role("link", name=re.compile("^Open (?!Harbour)"))
    database.click()
    page.get_by_role("link", name="berths").click()
    page.get_by_role("link", name="Edit row 2", exact=True).click()
    page.get_by_label("boat", exact=True).fill("Arctic tern")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The row was saved.").wait_for()
    here = page.url.partition("?")[0]

    session.deploy()

    page.goto(here)
    page.get_by_role("cell", name="Arctic tern").wait_for()  # still signed in, row still there
    look(page, f"second-deploy-{session.wanted.name}")
    rows = session.server.admin("TABLE public.berths", dbname=session.role.dbname)
    assert sorted(rows) == [(1, "Heron"), (2, "Arctic tern")]
    cookies = {each["name"]: each for each in page.context.cookies()}
    assert all(each["secure"] for each in cookies.values())
