"""Make the pictures of the marketplace listings: `python packaging/listing/assets.py`, with the system's Chromium.

The logo's PNGs come from `platforms/assets/logo.svg`; the screenshots show a real `mathesar start` with its embedded
defaults, and two databases that are added to it through the form. Nothing of it runs on afterwards.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.postgres import PostgresServer, free_port  # noqa: E402  the path comes first
from tests.system.process import Mathesar  # noqa: E402  the same

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

ASSETS = ROOT / "platforms" / "assets"
LOGO_SIZES = (64, 128, 256, 512, 600, 1024)
SCREEN: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1600, "height": 1000}  # the form, which is long; taken at 0.8, so 1280x800 as well
WIDE: ViewportSize = {"width": 1500, "height": 500}  # Cloudron shows pictures of 3:1
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
LINK = re.compile(r"http://\S+/open/\S+")
# Under /tmp with a plain name, because the list of databases shows where the embedded server's socket is; and not in
# a folder of root's own, because as root PostgreSQL runs as another user who must be able to get there.
DATA = Path("/tmp/mathesar")  # noqa: S108  made exclusively, else this stops
ROLE, PASSWORD = "shop", "only for the pictures"
DATABASES = {"Orders": "orders", "Garden centre": "garden"}


def main() -> int:
    """Write every picture, and return the exit status."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        print("No Chromium on this machine; install one of: " + ", ".join(CHROMIUM), file=sys.stderr)
        return 1
    with ExitStack() as stack:
        started = stack.enter_context(sync_playwright())
        browser = stack.enter_context(started.chromium.launch(executable_path=program, args=ARGUMENTS))
        draw_logos(browser)
        server = stack.enter_context(PostgresServer())
        link = stack.enter_context(served())
        add_databases(browser, link, server)
        photograph(browser, link, "light")
        photograph(browser, link, "dark")
    return 0


def draw_logos(browser: Browser) -> None:
    """Write `logo-<size>.png` for each size in pixels, transparent around the mark."""
    drawing = (ASSETS / "logo.svg").read_text()
    for size in LOGO_SIZES:
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{drawing}")
        page.screenshot(path=ASSETS / f"logo-{size}.png", omit_background=True)
        page.close()


@contextmanager
def served() -> Iterator[str]:
    """Serve a fresh install, and give the link that signs its owner in; its folder and processes go at the end."""
    DATA.mkdir(mode=0o755)
    try:
        with Mathesar({"MATHESAR_DATA_DIR": str(DATA), "PORT": str(free_port())}) as process:
            process.wait("/readyz")
            process.wait_for_line("Mathesar is ready: ")
            found = LINK.search(process.log)
            if found is None:
                raise RuntimeError(f"no link to sign in with:\n{process.log}")
            yield found[0]
    finally:
        shutil.rmtree(DATA, ignore_errors=True)


def add_databases(browser: Browser, link: str, server: PostgresServer) -> None:
    """Connect databases of another server through the form, as a person does."""
    server.create_role(ROLE, PASSWORD)
    page = browser.new_page()
    page.goto(link)
    for name, dbname in DATABASES.items():
        server.create_database(dbname, owner=ROLE)
        fill(page, link, name, "localhost", server.port, dbname)
        page.locator("#id_sslmode").select_option("disable")
        page.get_by_role("button", name="Connect", exact=True).click()
        page.get_by_role("link", name=f"Open {name}").wait_for()
    page.context.close()


def photograph(browser: Browser, link: str, scheme: Literal["light", "dark"]) -> None:
    """Write the screenshots of one colour scheme: the list, a table, the form; in light the wide ones too."""
    context = browser.new_context(viewport=SCREEN, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("link", name="Sample library", exact=True).wait_for()
    save(page, f"databases-{scheme}")
    page.get_by_role("link", name="Open Sample library").click()
    page.get_by_role("link", name="books", exact=True).click()
    page.get_by_role("link", name="Count", exact=True).click()
    page.locator("tbody tr").nth(10).wait_for()
    save(page, f"table-{scheme}")
    if scheme == "light":
        page.set_viewport_size(WIDE)
        save(page, "table-wide")
    state = context.storage_state()
    context.close()
    context = browser.new_context(
        viewport=TALL, device_scale_factor=0.8, color_scheme=scheme, reduced_motion="reduce", storage_state=state
    )
    page = context.new_page()
    fill(page, link, "Orders", "db.example.org", 5432, "orders")
    save(page, f"add-database-{scheme}")
    context.close()


def fill(page: Page, link: str, name: str, host: str, port: int, dbname: str) -> None:
    """Open the form that adds a database and fill it in."""
    page.goto(link.partition("/open/")[0] + "/databases/add")
    fields = {"name": name, "host": host, "port": str(port), "dbname": dbname, "username": ROLE, "password": PASSWORD}
    for field, value in fields.items():
        page.locator(f"#id_{field}").fill(value)


def save(page: Page, name: str) -> None:
    """Write what the window shows, from the top and without a focus ring."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    page.screenshot(path=ASSETS / "screenshots" / f"{name}.png")


if __name__ == "__main__":
    raise SystemExit(main())
