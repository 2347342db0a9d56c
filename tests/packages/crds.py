"""Schemas of the two objects that are no part of Kubernetes itself: the fields that the chart may set, and no others.

Written from the documentation (https://gateway-api.sigs.k8s.io/reference/spec/, version v1, and
https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/), not the projects' own files.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def _table(required: tuple[str, ...] = (), /, **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


NAME: Json = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}
HOST: Json = {"type": "string", "pattern": r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"}
PORT: Json = {"type": "integer", "minimum": 1, "maximum": 65535}
QUANTITY: Json = {"type": "string", "pattern": "^[0-9.]+(Mi|Gi|Ti|M|G|T)$"}
TEXTS: Json = {"type": "object", "additionalProperties": {"type": "string"}}
METADATA = _table(("name", "namespace", "labels"), name=NAME, namespace=NAME, labels=TEXTS, annotations=TEXTS)

HTTP_ROUTE = _table(
    ("apiVersion", "kind", "metadata", "spec"),
    apiVersion={"const": "gateway.networking.k8s.io/v1"},
    kind={"const": "HTTPRoute"},
    metadata=METADATA,
    spec=_table(
        ("parentRefs", "hostnames", "rules"),
        parentRefs={
            "type": "array",
            "minItems": 1,
            "maxItems": 32,
            "items": _table(("name",), name=NAME, namespace=NAME, sectionName=HOST, port=PORT),
        },
        hostnames={"type": "array", "minItems": 1, "maxItems": 16, "items": HOST},
        rules={
            "type": "array",
            "minItems": 1,
            "items": _table(
                ("backendRefs",),
                backendRefs={"type": "array", "minItems": 1, "items": _table(("name", "port"), name=NAME, port=PORT)},
            ),
        },
    ),
)

CLUSTER = _table(
    ("apiVersion", "kind", "metadata", "spec"),
    apiVersion={"const": "postgresql.cnpg.io/v1"},
    kind={"const": "Cluster"},
    metadata={**METADATA, "properties": {**METADATA["properties"], "name": {**NAME, "maxLength": 50}}},
    spec=_table(
        ("instances", "storage"),
        instances={"type": "integer", "minimum": 1},
        imageName={"type": "string", "minLength": 1},
        bootstrap=_table(("initdb",), initdb=_table(("database", "owner"), database=NAME, owner=NAME)),
        postgresql=_table((), parameters=TEXTS),
        storage=_table(("size",), size=QUANTITY, storageClass=NAME),
    ),
)

SCHEMAS = {"HTTPRoute": HTTP_ROUTE, "Cluster": CLUSTER}
