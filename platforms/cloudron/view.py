"""``CloudronManifest.json`` in no platform's words: one service, without variables of its own."""

from __future__ import annotations

from typing import Any

from provisioner.lint.view import Service, Text, View


def view(data: dict[str, Any]) -> View:
    """Return what the file says; whatever has another shape than expected is left out."""
    title, health, image = data.get("title"), data.get("healthCheckPath"), data.get("dockerImage")
    service = Service(
        name=title if isinstance(title, str) and title else "The app",
        at=(),
        public=data.get("httpPort") != 0,
        images=(Text(image, ("dockerImage",)),) if isinstance(image, str) else (),
        health=Text(health, ("healthCheckPath",)) if isinstance(health, str) and health else None,
        port_is_given=False,
    )
    return View((service,))
