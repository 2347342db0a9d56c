"""Every path of the application but the health paths, which the first middleware answers."""

from __future__ import annotations

from django.urls import include, path

from mathesar.connections import views as connections

urlpatterns = [
    path("", connections.databases, name="home"),
    path("databases/", connections.databases, name="databases"),
    path("databases/check", connections.check_all, name="check-databases"),
    path("databases/<uuid:database_id>/status", connections.row, name="database-status"),
    path("databases/<uuid:database_id>/browse/", include("mathesar.explorer.urls")),
    path("", include("mathesar.setup.urls")),
    path("", include("mathesar.accounts.urls")),
]
