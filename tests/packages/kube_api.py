"""A Kubernetes API of a few resources, over HTTP: what Helm asks of a cluster when it installs and upgrades.

It keeps whole objects as they are applied. There is no controller behind it, so nothing ever runs.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import yaml

Json = dict[str, Any]
GIVEN = ("uid", "resourceVersion")  # by the cluster
RESOURCES = {
    "v1": {"secrets": "Secret", "services": "Service"},
    "apps/v1": {"deployments": "Deployment", "statefulsets": "StatefulSet"},
    "batch/v1": {"jobs": "Job"},
    "networking.k8s.io/v1": {"networkpolicies": "NetworkPolicy", "ingresses": "Ingress"},
    "policy/v1": {"poddisruptionbudgets": "PodDisruptionBudget"},
    "autoscaling/v2": {"horizontalpodautoscalers": "HorizontalPodAutoscaler"},
}


class KubeApi:
    """The server and its objects, by path; a context manager."""

    def __init__(self) -> None:
        self.objects: dict[str, Json] = {}
        self.version = 0
        api = self

        class Handler(_Handler):
            cluster = api

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> KubeApi:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def put(self, path: str, value: Json) -> Json:
        """Keep an object; its version changes with its content, as a cluster's does."""
        meta = {key: part for key, part in value["metadata"].items() if key not in GIVEN}
        before = self.objects.get(path)
        if before is None or {**value, "metadata": meta} != _content(before):
            self.version += 1
            number = str(self.version)
        else:
            number = before["metadata"]["resourceVersion"]
        self.objects[path] = {**value, "metadata": {**meta, "uid": f"uid of {path}", "resourceVersion": number}}
        return self.objects[path]

    def secret(self, name: str, namespace: str = "ns") -> Json:
        """Return the Secret's data, as it is stored (base64)."""
        data: Json = self.objects[f"/api/v1/namespaces/{namespace}/secrets/{name}"]["data"]
        return data

    def find(self, kind: str, name: str) -> Json:
        """Return the one object of this kind and name."""
        (found,) = [each for each in self.objects.values() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
        return found


def _content(value: Json) -> Json:
    return {**value, "metadata": {key: part for key, part in value["metadata"].items() if key not in GIVEN}}


class _Handler(BaseHTTPRequestHandler):
    cluster: KubeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self._answer(discovery(path) or self.cluster.objects.get(path))

    def do_POST(self) -> None:
        made = self._body()
        path = f"{self.path.partition('?')[0]}/{made['metadata']['name']}"
        self._answer(self.cluster.put(path, made), 201)

    def do_PATCH(self) -> None:
        path = self.path.partition("?")[0]
        self._answer(self.cluster.put(path, {**self.cluster.objects.get(path, {}), **self._body()}))

    def do_DELETE(self) -> None:
        self._body()
        self._answer(self.cluster.objects.pop(self.path.partition("?")[0], None))

    def log_message(self, *_: object) -> None:
        pass

    def _body(self) -> Any:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return yaml.safe_load(text) if text else {}

    def _answer(self, value: Json | None, status: int = 200) -> None:
        if value is None:
            status, value = 404, {"kind": "Status", "apiVersion": "v1", "reason": "NotFound", "code": 404}
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def discovery(path: str) -> Json | None:
    """Return what a client reads to learn what there is; None for any other path."""
    if path == "/version":
        return {"major": "1", "minor": "37", "gitVersion": "v1.37.0"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        return {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [_group(name) for name in RESOURCES if "/" in name],
        }
    if path == "/openapi/v3":
        return {"paths": {_base(name): {"serverRelativeURL": f"/openapi/v3/{_base(name)}"} for name in RESOURCES}}
    for name, resources in RESOURCES.items():
        if path == f"/{_base(name)}":
            verbs = ["create", "delete", "get", "list", "patch", "update"]
            rows = [{"name": plural, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": verbs}
                    for plural, kind in resources.items()]  # fmt: skip
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": rows}
        if path == f"/openapi/v3/{_base(name)}":
            return _openapi(name, resources)
    return None


def _base(name: str) -> str:
    return f"apis/{name}" if "/" in name else f"api/{name}"


def _group(name: str) -> Json:
    version = {"groupVersion": name, "version": name.partition("/")[2]}
    return {"name": name.partition("/")[0], "versions": [version], "preferredVersion": version}


def _openapi(name: str, resources: dict[str, str]) -> Json:
    """Say of each kind that the server itself checks fields: the client then leaves it to the server."""
    group, _, version = name.rpartition("/")
    parameters = [{"name": "fieldValidation", "in": "query"}]
    paths = {}
    for plural, kind in resources.items():
        of_kind = {"group": group, "version": version, "kind": kind}
        patch = {"parameters": parameters, "x-kubernetes-group-version-kind": of_kind}
        paths[f"/{_base(name)}/namespaces/{{namespace}}/{plural}/{{name}}"] = {"patch": patch}
    return {"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": paths}
