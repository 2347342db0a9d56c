"""Every field of every marketplace listing keeps its limit, and every picture is what its marketplace asks for."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "platforms" / "assets"
LISTINGS = sorted((ROOT / "platforms").glob("*/listing.md"))
MARKETPLACES = ["caprover", "cloudron", "coolify", "digitalocean", "heroku", "railway", "render"]
MOST_BYTES = 1_500_000
KEYS = {"limit", "file", "size", "format", "note", "source"}
COUNTED = re.compile(r"(?:(\d+) to )?(\d+) (characters|words|lines|items)")
SOURCE = re.compile(r"https://[^\s()]+ \((\d{4}-\d{2}-\d{2})\)")
UNWRAPPED = re.compile(r"(?<!\n)\n(?!\n|- )[ ]*")  # a line break inside a paragraph or an item


@dataclass(frozen=True)
class Field:
    """One field of a form: what the comment says of it, and its text."""

    name: str
    rules: dict[str, str]
    body: str

    @property
    def picture(self) -> Path:
        """The file of a picture's field, named from the root of the repository."""
        return ROOT / self.rules["file"]


def fields(text: str) -> Iterator[Field]:
    """Give the fields of one listing; a heading without a comment right below has no rules."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        comment = re.match(r"<!-- (.*?)\s*-->", rest, re.DOTALL)
        rules: dict[str, str] = {}
        if comment:
            rest = rest[comment.end() :]
            pairs = (pair.partition(": ") for pair in " ".join(comment[1].split()).split("; "))
            rules = {key: value for key, _, value in pairs}
        yield Field(name.strip(), rules, rest.strip())


def counts(body: str) -> dict[str, int]:
    """Return how long a text is, by each unit; a paragraph counts as if it were not wrapped."""
    text = UNWRAPPED.sub(" ", body)
    lines = [line for line in text.splitlines() if line.strip()]
    return {
        "characters": len(text),
        "words": len(text.split()),
        "lines": len(lines),
        "items": sum(line.startswith("- ") for line in lines),
    }


def png_header(path: Path) -> tuple[int, int, int]:
    """Return width, height and colour type, from IHDR, the chunk that every PNG begins with."""
    header = path.read_bytes()[:26]
    assert header[:8] == b"\x89PNG\r\n\x1a\n", f"{path.name} is no PNG"
    assert header[12:16] == b"IHDR", path.name
    width, height, _, colour_type = struct.unpack(">IIBB", header[16:])
    return width, height, colour_type


def picture_size(path: Path) -> tuple[str, float, float]:
    """Return a picture's format, width and height, as its own content says."""
    if path.read_bytes()[:4] == b"\x89PNG":
        return ("png", *png_header(path)[:2])
    box = re.match(r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', path.read_text())
    assert box is not None, f"{path.name} is neither PNG nor SVG"
    return "svg", float(box[1]), float(box[2])


def fits(size: str, width: float, height: float) -> bool:
    """Return whether a picture is as asked: `any`, `square`, `3:1` or `512x512`."""
    if ":" in size or size == "square":
        across, down = (1, 1) if size == "square" else map(int, size.split(":"))
        return width * down == height * across
    return size == "any" or size == f"{width:g}x{height:g}"


def complaints(field: Field) -> list[str]:
    """Return everything that is wrong with a field."""
    rules, wrong = field.rules, []
    if unknown := rules.keys() - KEYS:
        wrong.append(f"unknown: {sorted(unknown)}")
    if not field.body:
        wrong.append("empty")
    dated = SOURCE.fullmatch(rules.get("source", ""))
    if dated is None:
        wrong.append("no source with its date")
    else:
        date.fromisoformat(dated[1])
    return wrong + (wrong_picture(field) if "file" in rules else wrong_text(field))


def wrong_text(field: Field) -> list[str]:
    """Return what is wrong with a text."""
    limit = field.rules.get("limit", "")
    if limit == "none stated":
        return []
    if limit.startswith("one of "):
        return [] if field.body in limit.removeprefix("one of ").split(", ") else ["not one of the choices"]
    counted = COUNTED.fullmatch(limit)
    if counted is None:
        return [f"no such limit: {limit!r}"]
    least, most, unit = int(counted[1] or 1), int(counted[2]), counted[3]
    found = counts(field.body)[unit]
    return [] if least <= found <= most else [f"{found} {unit}, not {least} to {most}"]


def wrong_picture(field: Field) -> list[str]:
    """Return what is wrong with a picture."""
    if not field.picture.is_file():
        return ["no such file"]
    kind, width, height = picture_size(field.picture)
    shown = re.fullmatch(r"!\[[^\]]{8,}\]\(\.\./assets/(\S+)\)", field.body)
    return [
        message
        for message, holds in {
            f"{kind}, not {field.rules.get('format')}": kind == field.rules.get("format"),
            f"{width:g}x{height:g}, not {field.rules.get('size')}": fits(field.rules.get("size", ""), width, height),
            "shows another picture": shown is not None and ASSETS / shown[1] == field.picture,
        }.items()
        if not holds
    ]


def test_every_marketplace_has_its_listing() -> None:
    assert [path.parent.name for path in LISTINGS] == MARKETPLACES


@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.parent.name)
def test_every_field_keeps_its_limit(path: Path) -> None:
    found = list(fields(path.read_text()))
    names = [field.name for field in found]
    assert len(names) == len(set(names))
    assert {field.name: wrong for field in found if (wrong := complaints(field))} == {}


@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.parent.name)
def test_every_listing_says_what_the_app_is_and_shows_its_logo(path: Path) -> None:
    found = list(fields(path.read_text()))
    assert any(field.body.startswith("A spreadsheet-like window onto your PostgreSQL") for field in found)
    assert any(field.body == "Mathesar" for field in found)
    assert any("logo" in field.rules.get("file", "") for field in found)


LOGO = "file: platforms/assets/logo-64.png; size: 64x64; format: png"
SHOWN = "![A picture of it](../assets/logo-64.png)"


@pytest.mark.parametrize(
    ("wrong", "rules", "body"),
    [
        ("6 characters, not 1 to 5", "limit: 5 characters", "sixsix"),
        ("2 words, not 3 to 5", "limit: 3 to 5 words", "one\ntwo"),
        ("2 lines, not 1 to 1", "limit: 1 lines", "one\n\ntwo"),
        ("3 items, not 1 to 2", "limit: 2 items", "- one\n- two\n  of it\n- three"),
        ("not one of the choices", "limit: one of red, green", "blue"),
        ("no such limit: '5 pages'", "limit: 5 pages", "text"),
        ("no such limit: ''", "note: nothing", "text"),
        ("empty", "limit: none stated", ""),
        ("unknown: ['limits']", "limits: 5 words; limit: 5 words", "text"),
        ("no such file", "file: platforms/assets/absent.png; size: any; format: png", SHOWN),
        ("64x64, not 65x65", LOGO.replace("64x64", "65x65"), SHOWN),
        ("64x64, not 3:1", LOGO.replace("64x64", "3:1"), SHOWN),
        ("png, not svg", LOGO.replace("format: png", "format: svg"), SHOWN),
        ("shows another picture", LOGO, SHOWN.replace("64", "128")),
    ],
)
def test_what_is_wrong_is_found(wrong: str, rules: str, body: str) -> None:
    (field,) = fields(f"## Field\n<!-- {rules}; source: https://example.org/form (2026-11-21) -->\n{body}\n")
    assert complaints(field) == [wrong]


def test_a_field_without_a_source_is_found() -> None:
    (field,) = fields("## Field\n<!-- limit: 5 words; source: somewhere -->\ntext\n")
    assert complaints(field) == ["no source with its date"]


def test_the_logo_is_a_square_drawing_that_needs_nothing_else() -> None:
    text = (ASSETS / "logo.svg").read_text()
    kind, width, height = picture_size(ASSETS / "logo.svg")
    assert (kind, width) == ("svg", height)
    assert not re.search(r"<(image|text|script|style|use|foreignObject)\b|href|url\(", text)


def test_the_logo_is_there_in_every_size_of_the_recipe() -> None:
    recipe = re.search(r"^LOGO_SIZES = \((.+)\)$", (ROOT / "packaging/listing/assets.py").read_text(), re.MULTILINE)
    assert recipe is not None
    sizes = [int(size) for size in recipe[1].split(",")]
    assert {path.name for path in ASSETS.glob("logo-*")} == {f"logo-{size}.png" for size in sizes}
    for size in sizes:
        assert png_header(ASSETS / f"logo-{size}.png") == (size, size, 6)  # 6: colour with transparency


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in ASSETS.rglob("*.*")) < MOST_BYTES
    sizes = {path.name: png_header(path)[:2] for path in (ASSETS / "screenshots").iterdir()}
    assert sizes.pop("table-wide.png") == (1500, 500)
    assert sizes == {
        f"{page}-{scheme}.png": (1280, 800)
        for page in ("add-database", "databases", "table")
        for scheme in ("light", "dark")
    }
