"""A new install on a platform's plan, and a visitor who may know its code."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.mathesar import plans

Post = Callable[..., object]
PERSON = {"username": "ada", "email": "ada@example.org", "password": "Analytical engine 1843"}


@pytest.fixture
def code(plan: plans.Plan) -> str:
    """Give the derived code as the log shows it."""
    from mathesar.setup import claim
    from mathesar.setup import code as codes

    return codes.grouped(codes.derived(claim.installation().install_id))


@pytest.fixture
def post(plan: plans.Plan) -> Post:
    """Give a function that posts the form as a visitor without cookies; what is named replaces a field."""

    def send(**fields: str):
        return Client().post("/setup", {**PERSON, **fields})

    return send
