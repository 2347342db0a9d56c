"""YAML as the platforms' own readers take it (YAML 1.2's core types), with places and duplicate keys."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .document import Path, Unreadable

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
LONGEST_NUMBER = 30  # digits; a whole number of more is no setting of anybody's
DEEPEST = 60
LARGEST = 200_000  # values, aliases followed: what a few lines of aliases could otherwise multiply without end


def read_yaml(text: str) -> tuple[Any, dict[Path, tuple[int, int]], tuple[Path, ...]]:
    """Return the first document's data, its places and the paths of keys written twice.

    Tags that a platform gives a meaning of its own (``!Ref``) leave the plain value. Raises Unreadable.
    """
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(_words(problem), *place) from None
    except yaml.YAMLError:
        raise Unreadable("it holds characters that YAML does not allow") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    reader = _Reader()
    data = reader.value(nodes[0], (), 0) if nodes and nodes[0] is not None else None
    return data, reader.places, tuple(reader.duplicates)


def _words(problem: yaml.MarkedYAMLError) -> str:
    """Return what PyYAML says, without what it quotes of the text."""
    said = (problem.problem or "it cannot be read").strip()
    return re.sub(r"\s*(?:['\"].*['\"])", "", said) if "alias" in said or "anchor" in said else said


class _Reader:
    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.duplicates: list[Path] = []
        self.count = 0

    def value(self, node: Any, at: Path, depth: int) -> Any:
        self.count += 1
        if depth > DEEPEST or self.count > LARGEST:
            raise Unreadable("it is nested too deeply", node.start_mark.line + 1, node.start_mark.column + 1)
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
