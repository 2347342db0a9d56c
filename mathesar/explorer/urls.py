"""The pages inside a database; included under `databases/<uuid:database_id>/browse/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from mathesar.explorer import views

urlpatterns: list[URLPattern] = [
    path("", views.overview, name="browse"),
    path("<int:oid>/", views.table, name="browse-table"),
    path("<int:oid>/rows", views.rows, name="browse-rows"),
]
