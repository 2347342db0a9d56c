"""Everything that goes wrong, as RFC 9457 problem details with the codes that the pages show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from mathesar.connections.errors import ConnectionProblem
from mathesar.connections.pace import TooManyTests
from provisioner.findings import Finding, finding

MEDIA_TYPE = "application/problem+json"
CHALLENGE = "Bearer"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def body(status: int, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the problem document of one or more findings; the first one speaks for all."""
    found = list(findings)
    first = found[0]
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": first.code,
        "detail": first.message,
        "fix": first.hint,
        "variable": first.variable,
        "errors": [_item(each) for each in found],
    }


def _item(each: Finding) -> dict[str, str]:
    return {"code": each.code, "variable": each.variable, "detail": each.message, "fix": each.hint}


class Problem(Exception):
    """A request that cannot be served."""

    def __init__(self, status: int, *findings: Finding, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.findings, self.headers = status, findings, headers or {}


def of_connection(problem: ConnectionProblem) -> Problem:
    """Return the problem for an error of the connections' own room."""
    headers = {"Retry-After": str(problem.seconds)} if isinstance(problem, TooManyTests) else {}
    if problem.status == 503:
        headers["Retry-After"] = "5"
    return Problem(problem.status, *problem.findings, headers=headers)


def of_validation(errors: Iterable[dict[str, Any]]) -> Problem:
    """Return the problem for a request that does not have the described form; nothing of it is quoted."""
    found = []
    for each in errors:
        path = ".".join(str(part) for part in each.get("loc", ()) if part not in ("body", "query", "path", "data"))
        if not _PLAIN.fullmatch(path):  # no field of ours: somebody's secret may stand there
            path = "body"
        found.append(finding("field-invalid", path, what=_words(str(each.get("type", "")))))
    return Problem(422, *found)


def _words(kind: str) -> str:
    known = {"missing": "it is missing", "extra_forbidden": "there is no such field", "json_invalid": "it is not JSON"}
    return known.get(kind, f"it does not have the described form ({kind})")


def unknown_path() -> Problem:
    """Return the problem for a path that is not there."""
    return Problem(404, finding("request-unknown-path", "path"))


def not_signed_in() -> Problem:
    """Return the problem for a request without a valid session or token."""
    return Problem(401, finding("request-not-signed-in", "Authorization"), headers={"WWW-Authenticate": CHALLENGE})


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the answer for a problem."""
    text = json.dumps(body(problem.status, problem.findings))
    return HttpResponse(text, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)


def in_form(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Give an error that the framework made (405, 400) the form of the others."""
    if answer.status_code < 400 or answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        return answer
    kinds = {405: "request-method", 400: "request-unreadable", 403: "request-forbidden", 404: "request-unknown-path"}
    kind = kinds.get(answer.status_code, "request-failed")
    headers = {"Allow": answer.headers["Allow"]} if "Allow" in answer.headers else {}
    return respond(request, Problem(answer.status_code, finding(kind, "request"), headers=headers))
