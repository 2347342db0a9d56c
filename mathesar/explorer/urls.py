"""The pages inside a database; included under `databases/<uuid:database_id>/browse/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from mathesar.explorer import edit_views, views

urlpatterns: list[URLPattern] = [
    path("", views.overview, name="browse"),
    path("<int:oid>/", views.table, name="browse-table"),
    path("<int:oid>/rows", views.rows, name="browse-rows"),
    path("<int:oid>/rows/add", edit_views.add, name="row-add"),
    path("<int:oid>/rows/<str:word>/edit", edit_views.edit, name="row-edit"),
    path("<int:oid>/rows/<str:word>/delete", edit_views.delete, name="row-delete"),
]
