"""Every path of the application but the health paths, which the first middleware answers."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("mathesar.connections.urls")),
    path("databases/<uuid:database_id>/browse/", include("mathesar.explorer.urls")),
    path("api/", include("mathesar.api.urls")),
    path("", include("mathesar.setup.urls")),
    path("", include("mathesar.accounts.urls")),
]
