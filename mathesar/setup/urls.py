"""The path of the first run."""

from __future__ import annotations

from django.urls import URLPattern, path

from mathesar.setup import views

urlpatterns: list[URLPattern] = [path("setup", views.setup, name="setup")]
