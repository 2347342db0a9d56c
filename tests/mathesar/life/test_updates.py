"""Asking for a newer version: what is sent, and what is believed of what comes back.

A server on this machine stands for GitHub's: its answers have the documented fields of `GET
/repos/{owner}/{repo}/releases/latest`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import pytest

from mathesar.life import releases, updates

OWN = version("mathesar")
RELEASE = {
    "url": "https://api.github.com/repos/o/n/releases/1", "html_url": "https://github.com/o/n/releases/tag/v9.8.7",
    "id": 1, "tag_name": "v9.8.7", "target_commitish": "main", "name": "v9.8.7", "body": "What is new", "draft": False,
    "prerelease": False, "created_at": "2030-02-27T19:35:32Z", "published_at": "2030-02-28T19:35:32Z", "assets": [],
    "tarball_url": "https://api.github.com/repos/o/n/tarball/v9.8.7", "author": {"login": "o", "id": 1},
}  # fmt: skip


@dataclass
class Page:
    """What the server answers, and the requests that it got."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = json.dumps(RELEASE).encode()
    pause: float = 0.0
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def page() -> Iterator[Page]:
    made = Page()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.requests.append((self.command, self.path, dict(self.headers)))
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()
            time.sleep(made.pause)
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/repos/o/n/releases/latest"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def run(url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv(releases.VARIABLE, url)
    with pytest.raises(SystemExit) as ended:
        updates.update_check()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_newer_one(page: Page, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(page.url, monkeypatch) == 10
    said = capsys.readouterr().out
    assert said.splitlines()[:2] == [
        f"There is a newer Mathesar: 9.8.7 of 2030-02-28. This is {OWN}.", "https://github.com/o/n/releases/tag/v9.8.7",
    ]  # fmt: skip


def test_nothing_is_sent_about_this_install(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.setenv(name, "planted-value")
    run(page.url, monkeypatch)
    ((method, path, headers),) = page.requests
    assert (method, path) == ("GET", "/repos/o/n/releases/latest")
    assert {name.lower(): value for name, value in headers.items()} == {
        "accept-encoding": "identity", "host": page.url.split("/")[2], "connection": "close",
        "user-agent": "mathesar-update-check", "accept": "application/vnd.github+json",
    }  # fmt: skip


@pytest.mark.parametrize("tag", [OWN, f"v{OWN}", f"{OWN}.0", "0.0.1", "v0.0"])
def test_the_newest_or_newer_than_that(
    tag: str, page: Page, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page.body = json.dumps({**RELEASE, "tag_name": tag}).encode()
    assert run(page.url, monkeypatch) == 0
    assert capsys.readouterr().out == f"Mathesar {OWN} is the newest version.\n"


@pytest.mark.parametrize(
    ("installed", "older", "newer"),
    [
        ("0.2.0rc1", ["0.1.0", "0.1.9", "0.1"], ["0.2.0", "0.2", "0.2.1", "1.0"]),
        ("0.2.dev4", ["0.1.9"], ["0.2.0"]), ("1.0b2.post1", ["0.9"], ["1.0"]), ("0.2.0a1.dev3", ["0.1"], ["0.2"]),
        ("0.2.0", ["0.1", "0.2"], ["0.2.1"]), ("0.2.0.post1", ["0.2"], ["0.2.1"]),
        ("0.2.0.post1.dev2", ["0.2"], ["0.2.1"]), ("0.2.0+local.7", ["0.2"], ["0.3"]), ("unknown", [], ["0.0.1"]),
    ],
)  # fmt: skip
def test_what_comes_after_what_is_installed(installed: str, older: list[str], newer: list[str]) -> None:
    def asked(tags: list[str]) -> list[bool]:
        numbers = [releases.numbers(tag) for tag in tags]
        return [releases.is_newer(each, installed) for each in numbers if each is not None]

    assert (asked(older), asked(newer)) == ([False] * len(older), [True] * len(newer))


def test_a_pre_release_is_ahead_of_the_last_release(
    page: Page, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(updates, "version", lambda _: "9.9.0rc1")
    assert run(page.url, monkeypatch) == 0
    assert capsys.readouterr().out == "Mathesar 9.9.0rc1 is the newest version.\n"


@pytest.mark.parametrize(
    "change",
    [
        {"status": 404}, {"status": 403}, {"status": 500}, {"status": 301, "headers": {"Location": "ftp://h/x"}},
        {"body": b""}, {"body": b"[]"}, {"body": b"null"}, {"body": b"\xff"}, {"body": b"[" * 200_000},
        {"body": b'{"tag_name": "v9"}'}, {"body": b" " * (releases.LARGEST + 1)},
        *({"body": json.dumps({**RELEASE, **wrong}).encode()} for wrong in (
            {"tag_name": "v9\x1b[31m"}, {"tag_name": 9}, {"tag_name": "9.0rc1"}, {"html_url": "javascript:alert(1)"},
            {"html_url": "https://h/\x1b]0;x"}, {"html_url": None}, {"published_at": 7},
        )),
    ],
)  # fmt: skip
def test_an_answer_that_is_none(
    change: dict[str, object], page: Page, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in change.items():
        setattr(page, name, value)
    assert run(page.url, monkeypatch) == 1
    said = capsys.readouterr()
    assert ("MP533" in said.err, said.out, "\x1b" in said.err) == (True, "", False)


def test_only_the_same_host_may_send_it_on(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    port = page.url.split(":")[2].split("/")[0]
    page.status, page.headers = 302, {"Location": f"http://localhost:{port}/elsewhere"}
    assert run(page.url, monkeypatch) == 1
    assert len(page.requests) == 1
    page.headers = {"Location": "/renamed"}
    assert run(page.url, monkeypatch) == 1  # renamed for ever: urllib counts
    assert page.requests[2][1] == "/renamed"


def test_a_page_that_does_not_answer(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "SECONDS", 0.2)
    page.pause = 1.0
    assert run(page.url, monkeypatch) == 1
    assert run("http://127.0.0.1:1/", monkeypatch) == 1


@pytest.mark.parametrize(
    "url",
    ["http://example.com/latest", "file:///etc/passwd", "latest", "https://", "https://u:secret@h/", "https://h:x/",
     "https://h/a b", "http://127.0.0.1.example.com/", "https://[::1"],
)  # fmt: skip
def test_an_address_that_may_not_be_asked(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(url, monkeypatch) == 1
    said = capsys.readouterr().err
    assert "MP534 MATHESAR_UPDATE_URL" in said
    assert "secret" not in said


def test_the_address_is_the_repositorys() -> None:
    assert releases.default_url() == "https://api.github.com/repos/mathesar-foundation/mathesar-paas/releases/latest"
