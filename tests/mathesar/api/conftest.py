"""A superuser, an ordinary person and their tokens, and a user database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import make_database
from tests.postgres import PostgresServer

Ask = Callable[..., Any]
NAME = "api_books"


@pytest.fixture
def ask(plan: plans.Plan) -> Ask:
    """Give a function that sends a request as a superuser with a token; `token` is another's, "" for nobody's."""
    from django.contrib.auth.models import User

    from mathesar.accounts import tokens

    tokens_of = {
        "superuser": tokens.create(User.objects.create_superuser("ada"), "t")[1].get_secret_value(),
        "ordinary": tokens.create(User.objects.create_user("lin"), "t")[1].get_secret_value(),
    }

    def send(method: str, path: str, body: Any = None, who: str = "superuser", **headers: str) -> Any:
        token = tokens_of.get(who, who)
        given = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
        text = json.dumps(body) if body is not None and not isinstance(body, (str, bytes)) else body
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1/{path}", text or "", content_type="application/json", **given, **headers
        )

    return send


@pytest.fixture
def given(plan: plans.Plan, site: PostgresServer) -> Iterator[dict[str, Any]]:
    """Give the fields of a fresh user database."""
    from mathesar.connections import opening, pace

    pace.forget()
    yield {**make_database(site, NAME), "name": "Books"}
    opening.forget_all()
