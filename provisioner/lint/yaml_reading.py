"""YAML as the platforms' own readers take it (YAML 1.2's core types), with places and duplicate keys."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .document import Path, Unreadable
from .limits import DEEPEST, MOST, TOO_DEEP, TOO_MANY

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_QUOTING = re.compile(r"alias|anchor|tag handle")  # of what PyYAML says, what quotes a word of the text
LONGEST_NUMBER = 30  # digits; a whole number of more is no setting of anybody's


def read_yaml(text: str) -> tuple[Any, dict[Path, tuple[int, int]], tuple[Path, ...]]:
    """Return the first document's data, its places and the paths of keys written twice.

    Tags that a platform gives a meaning of its own (``!Ref``) leave the plain value. Raises Unreadable.
    """
    try:
        nodes = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(_words(problem), *place) from None
    except yaml.reader.ReaderError as problem:
        before = text[: problem.position]
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Unreadable("it holds characters that YAML does not allow", *place) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    reader = _Reader()
    data = reader.value(nodes[0], (), 0) if nodes and nodes[0] is not None else None
    return data, reader.places, tuple(reader.duplicates)


def readable(json: str) -> str:
    """Return a JSON text with a space for each character that YAML alone does not take; all places stay."""
    return yaml.reader.Reader.NON_PRINTABLE.sub(" ", json.replace("\t", " "))


def _words(problem: yaml.MarkedYAMLError) -> str:
    """Return what PyYAML says, without what it quotes of the text."""
    said = (problem.problem or "it cannot be read").strip()
    return re.sub(r"\s*(?:['\"].*['\"])", "", said) if _QUOTING.search(said) else said


class _Loader(yaml.SafeLoader):
    """Stops at the first value too many: composing the rest takes longer than anything after it."""

    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.count += 1
        if self.count > MOST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise Unreadable(TOO_MANY, mark.line + 1, mark.column + 1)
        return super().compose_node(parent, index)


class _Reader:
    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.duplicates: list[Path] = []
        self.count = 0

    def value(self, node: Any, at: Path, depth: int) -> Any:
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            reason = TOO_DEEP if depth > DEEPEST else TOO_MANY
            raise Unreadable(reason, node.start_mark.line + 1, node.start_mark.column + 1)
        self.places.setdefault(at, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, at, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*at, index), depth + 1) for index, item in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, at: Path, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "(a key that is no word)"
            if key == "<<" and key_node.style is None:
                sources = value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
                for source in reversed(sources):
                    found = self.value(source, (*at, "<<"), depth + 1)
                    merged |= found if isinstance(found, dict) else {}
                continue
            here = (*at, key)
            if key in own:
                self.duplicates.append(here)
            self.places[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            own[key] = self.value(value_node, here, depth + 1)
        return merged | own


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style is not None or not node.tag.startswith("tag:yaml.org"):
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if _NUMBER.fullmatch(text):
        return float(text) if len(text) > LONGEST_NUMBER or not text.lstrip("+-").isdigit() else int(text)
    return text
