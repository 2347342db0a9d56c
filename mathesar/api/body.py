"""How a request's body is read: JSON alone, and said to be JSON."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class NotJson(Exception):
    """The body says that it is something else."""


class JsonParser(Parser):
    """Reads JSON alone."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body means; the framework hands every error on as the cause of a 400."""
        if (request.content_type or "").lower() != "application/json":
            raise NotJson
        return json.loads(request.body.decode())
