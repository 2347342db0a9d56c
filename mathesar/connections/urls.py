"""The pages of databases: the list, and adding, editing, adopting and removing."""

from __future__ import annotations

from django.urls import path

from mathesar.connections import views, views_form, views_remove

urlpatterns = [
    path("", views.databases, name="home"),
    path("databases/", views.databases, name="databases"),
    path("databases/check", views.check_all, name="check-databases"),
    path("databases/add", views_form.add, name="database-add"),
    path("databases/fill", views_form.fill, name="database-fill"),
    path("databases/<uuid:database_id>/status", views.row, name="database-status"),
    path("databases/<uuid:database_id>/edit", views_form.edit, name="database-edit"),
    path("databases/<uuid:database_id>/adopt", views_form.adopt, name="database-adopt"),
    path("databases/<uuid:database_id>/schema", views.install_schema, name="database-schema"),
    path("databases/<uuid:database_id>/remove", views_remove.remove, name="database-remove"),
    path("databases/<uuid:database_id>/takes", views_remove.takes, name="database-takes"),
]
