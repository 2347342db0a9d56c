"""The API itself: one object, its document, and one form for every error."""

from __future__ import annotations

import logging
import traceback

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from mathesar.api import problems
from mathesar.api.auth import person
from mathesar.api.body import JsonParser, NotJson
from mathesar.api.databases import router
from mathesar.api.problems import Problem
from mathesar.connections.errors import ConnectionProblem

log = logging.getLogger("mathesar.api")
ABOUT = """Everything that the pages do with databases. Sign in with a session, or with a token from your account page:
`Authorization: Bearer mts_…`. Errors are problem details (RFC 9457) with the codes that `provisioner explain` knows."""

api = NinjaAPI(
    title="Mathesar",
    version="1",
    description=ABOUT,
    docs_url=None,
    openapi_url=None,
    urls_namespace="mathesar-api",
    auth=None,
    parser=JsonParser(),
)
api.add_router("", router)


@api.get("/openapi.json", include_in_schema=False)
def document(request: HttpRequest) -> HttpResponse:
    """Return the API's own description."""
    person(request)
    return api.create_response(request, described(), status=200)


def described() -> OpenAPISchema:
    """Return the document, with the ways to sign in and the problems' media type."""
    found = api.get_openapi_schema(path_prefix="/api/v1/")
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }
    found["security"] = [{"token": []}, {"session": []}]
    for path in found["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and "content" in answer:
                    answer["content"] = {problems.MEDIA_TYPE: next(iter(answer["content"].values()))}
    return found


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer a problem of the API's own."""
    return problems.respond(request, problem)


@api.exception_handler(ConnectionProblem)
def on_connection_problem(request: HttpRequest, problem: ConnectionProblem) -> HttpResponse:
    """Answer a problem of the connections' room."""
    return problems.respond(request, problems.of_connection(problem))


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a request that does not have the described form."""
    return problems.respond(request, problems.of_validation(error.errors))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework refuses, such as a body that is not JSON."""
    from provisioner.findings import finding

    kind = "request-unreadable" if error.status_code < 500 else "request-failed"
    status = 415 if isinstance(error.__cause__, NotJson) else error.status_code
    return problems.respond(request, Problem(status, finding(kind, "body")))


@api.exception_handler(Exception)
def on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours; its words go to the log alone, without the request."""
    from django.core.exceptions import RequestDataTooBig
    from django.db import InterfaceError, OperationalError
    from django.http import UnreadablePostError

    from provisioner.findings import finding

    if isinstance(error, (RequestDataTooBig, UnreadablePostError, UnicodeDecodeError)):
        return problems.respond(request, Problem(400, finding("request-unreadable", "body")))
    where = "".join(traceback.format_tb(error.__traceback__))  # the error's own words may hold what was sent
    log.error("A request to %s failed: %s\n%s", ascii(request.path_info), type(error).__name__, where)
    if isinstance(error, (OperationalError, InterfaceError)):  # the internal database is away
        return problems.respond(
            request, Problem(503, finding("request-failed", "request"), headers={"Retry-After": "5"})
        )
    return problems.respond(request, Problem(500, finding("request-failed", "request")))
