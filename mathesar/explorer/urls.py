"""The pages inside a database; included under `databases/<uuid:database_id>/browse/`."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
