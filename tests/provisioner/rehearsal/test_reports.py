"""The reports of a rehearsal: what stands in them, how wide they are, and that no secret does."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.findings import finding
from provisioner.rehearsal import report_html, report_json
from provisioner.rehearsal.masking import HIDDEN, Secrets, harmless, masked
from provisioner.rehearsal.pressing import Placed
from provisioner.rehearsal.report_text import Live, failures, plain, summary, verdict
from provisioner.rehearsal.run import Outcome
from provisioner.rehearsal.timeline import Failed, Step, Timeline

ANSI = re.compile(r"\x1b\[[0-9;]*m")
VOID = {"meta", "link", "br", "img", "input", "hr"}


def a_step(name: str = "health check", verdict: str = "passed", **more) -> Step:
    return Step(name, "first-deploy", 1.0, 2.0, verdict, **{"detail": "/livez answers 200", **more})  # type: ignore[arg-type]


def a_failure() -> Step:
    found = finding("health-missing", "services[0]", platform="render", name="web")
    placed = Placed(
        found.code, found.kind, found.severity, found.variable, found.message, found.hint, None, "r.yaml", 7
    )
    log = ["Error: <b>no</b> such thing", "x" * 90]
    return a_step("the click", "failed", findings=[placed, finding("release-failed", "release")], log=log)


def an_outcome(*steps: Step, label: str = "Render", scenario: str = "first-deploy") -> Outcome:
    shows = "Press the button & look."
    return Outcome(label.lower(), label, scenario, shows, list(steps) or [a_step()], 3.25, 97.4, 512, 5, 97)


def test_what_passes():
    assert an_outcome(a_step(), a_step(verdict="expected")).passed
    assert not an_outcome(a_step(), a_failure()).passed
    assert not an_outcome(a_step(verdict="running")).passed
    assert not Outcome("render", "Render", "scale", "").passed


def test_steps_without_a_terminal_are_lines_without_control_characters():
    written: list[str] = []
    live = Live(written.append, 2)
    live.begin("Render", "scale", "Three at once.")
    with pytest.raises(Failed):  # noqa: PT012
        timeline = Timeline(live.tell)
        with timeline.step("start") as step:
            step.detail = "mathesar start"
        with timeline.step("health check"):
            raise Failed("it ended", finding("start-failed", "command"), log=["Traceback"])
    text = "".join(written)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    assert text.startswith("Render: scale  [1/2]\n  Three at once.\n  ✓ start ")
    assert "✗ health check" in text
    assert "MP972" in text
    assert "      Traceback\n" in text


def test_a_running_step_is_shown_in_place():
    written: list[str] = []
    live = Live(written.append, 1, width=40, inplace=True)
    step = Step("a name that is much longer than the terminal is wide", "scale", 0.0)
    live.tell(step)
    assert written[0].startswith("  … a name")
    assert len(written[0]) < 40
    step.verdict = "passed"
    live.tell(step)
    assert written[1] == "\r" + " " * 39 + "\r"
    assert written[2].startswith("  ✓ a name")


@settings(deadline=None)
@given(
    st.integers(20, 120),
    st.lists(st.tuples(st.text("abc ✓é-", max_size=60), st.text("abcd efg .", max_size=200)), min_size=1, max_size=5),
    st.booleans(),
)
def test_no_line_is_wider_than_the_terminal(width, rows, color):
    written: list[str] = []
    live = Live(written.append, 99, color=color, width=width)
    steps = [a_step(name, detail=detail) for name, detail in rows]
    live.begin("DigitalOcean", "attach-second-database", "It is shown, and the first one stays.")
    for step in [*steps, a_failure()]:
        live.tell(step)
    outcomes = [an_outcome(*steps, a_failure(), label="DigitalOcean", scenario="attach-second-database")]
    text = "".join(written) + failures(outcomes[0], width=width) + summary(outcomes, color=color, width=width)
    columns = min(max(width, 40), 100)
    for line in ANSI.sub("", text).splitlines():
        longest = max(map(len, line.split()), default=0)  # names and URLs are never broken
        assert len(line) <= max(columns, longest + 8, 4 + 26 + 8 + 2 + longest), line
    assert color or "\x1b" not in text


def test_the_table_fits_80_columns_with_the_longest_names():
    outcomes = [
        an_outcome(label="DigitalOcean App Platform", scenario="attach-second-database"),
        an_outcome(a_failure()),
    ]
    text = summary(outcomes)
    assert max(map(len, text.splitlines())) <= 80
    assert (
        "\nDigitalOcean App Platform\n  attach-second-database  ✓  3.2 s  97 of 512 MB      5 of 97\nRender\n" in text
    )
    assert text.endswith("✗ 1 of 2 rehearsals is red: Render (first-deploy).\n")
    assert "    3.2 s, 97 of 512 MB, 5 of 97\n    connections\n" in summary(outcomes, width=40)
    assert verdict(outcomes[:1]) == "✓ Green: 1 rehearsal in 3 s."


def test_an_old_terminal_gets_ascii():
    plain(summary([an_outcome(), an_outcome(a_failure())]) + failures(an_outcome(a_failure()))).encode("ascii")


def test_json():
    data = json.loads(report_json.render([an_outcome(), an_outcome(a_step(), a_failure(), scenario="scale")]))
    assert (data["version"], data["ok"], data["green"], data["red"], data["seconds"]) == (1, False, 1, 1, 6.5)
    first, second = data["rehearsals"]
    assert first["memory_mb"] == 97.4
    assert (first["connections"], first["connection_limit"]) == (5, 97)
    found, other = second["steps"][1]["findings"]
    assert (found["code"], found["file"], found["line"]) == ("MP951", "r.yaml", 7)
    assert other["file"] is None
    assert second["steps"][1]["log"][0] == "Error: <b>no</b> such thing"


class Reader(HTMLParser):
    """Collects what the tests ask of a page; raises ValueError for a tag that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise ValueError(tag)

    def handle_data(self, data):
        self.words.append(data)


def page_of(*outcomes: Outcome) -> tuple[str, Reader]:
    text, reader = report_html.render(outcomes, "21 November 2026, 12:00 UTC"), Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return text, reader


def test_the_page_needs_nothing_else():
    text, reader = page_of(an_outcome(), an_outcome(a_step(), a_failure(), label="Heroku"))
    assert not [tag for tag, _ in reader.tags if tag in ("script", "link", "img", "iframe", "object")]
    for _, attributes in reader.tags:
        assert attributes.get("src") is None
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_is_accessible():
    _, reader = page_of(an_outcome(), an_outcome(a_step(), a_failure(), label="Heroku"))
    assert dict(reader.tags[0][1]) == {"lang": "en"}
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in reader.tags if tag == "th")
    names = [tag for tag, _ in reader.tags]
    assert names.count("table") == names.count("caption") == 3
    assert names.count("h1") == 1
    identities = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(identities) == len(set(identities)) == 2
    said = " ".join(" ".join(reader.words).split())
    assert "Rehearsal of Render and Heroku" in said
    assert "Error: <b>no</b> such thing" in said  # as text


def test_bars_stay_on_their_track():
    short = a_step()
    short.began, short.seconds = 3.25, 0.0
    text, _ = page_of(an_outcome(a_step(), short))
    for left, width in re.findall(r"left: ([\d.]+)%; width: ([\d.]+)%", text):
        assert float(left) >= 0
        assert float(left) + float(width) <= 100.01


@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast_is_aa(scheme):
    text, _ = page_of(an_outcome())
    block = text.split(":root {")[1 + scheme].split("}")[0]
    colors = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    pairs = "ink paper, soft paper, ink panel, ink bad-wash, soft bad-wash, good paper, bad paper, meant paper"
    for pair in f"{pairs}, good good-wash, bad bad-wash".split(", "):
        front, back = pair.split()
        assert contrast(colors[front], colors[back]) >= 4.5, (front, back)
    for bar in ("good-bar", "bad-bar", "meant-bar"):
        assert contrast(colors[bar], colors["paper"]) >= 2.7, bar  # beside its words, so not alone


def contrast(one: str, other: str) -> float:
    lights = []
    for color in (one, other):
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize(
    "text",
    [
        "password authentication failed with s3cr&t/=",
        "postgresql://app:s3cr%26t%2F%3D@db/x",
        "postgresql://app:s3cr%26t/%3D@db/x",
        r'{"password": "s3cr&t/="}',
        "postgresql:/app:another-one@db/x",
        "  Setup code: abcd-efgh-ijkl",
    ],
)
def test_secrets_are_hidden(text):
    shown = masked(text, ["s3cr&t/="])
    assert HIDDEN in shown
    for part in ("s3cr", "another-one", "abcd"):
        assert part not in shown
    assert masked(shown, ["s3cr&t/="]) == shown


def test_short_answers_and_addresses_without_passwords_stay():
    assert masked("1 of 2 in eu, https://host:443/a@b", ["1", "eu", ""]) == "1 of 2 in eu, https://host:443/a@b"


LETTERS = "aB9%&/=+ '\\é"


@settings(deadline=None)
@given(st.text(LETTERS, min_size=4), st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20))
def test_a_secret_is_never_left(secret, before, after):
    assert secret not in masked(before + secret + after, [secret])


def test_what_would_steer_the_terminal_is_gone():
    assert harmless("\x1b[31mred\x1b[0m\x07\ttab\x1b]0;title\x07 \u202eend\n") == "red     tab  end"


def test_a_step_is_masked_whole():
    step = a_failure()
    step.detail = "with planted-secret"
    step.log = ["planted-secret here"]
    step.findings = [finding("health-refused", "health", said="planted-secret")]
    Secrets({"TOKEN": "planted-secret"}).mask(step)
    outcome = an_outcome(step)
    texts = [report_json.render([outcome]), report_html.render([outcome], ""), failures(outcome), summary([outcome])]
    assert "planted-secret" not in "".join(texts)
