"""Every path of the application but the health paths, which the first middleware answers."""

from __future__ import annotations

from django.urls import path

from mathesar.accounts import views as accounts
from mathesar.connections import views as connections

urlpatterns = [
    path("", connections.databases, name="home"),
    path("databases/", connections.databases, name="databases"),
    path("databases/check", connections.check_all, name="check-databases"),
    path("databases/<uuid:database_id>/status", connections.row, name="database-status"),
    path("sign-in", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("open/<str:token>", accounts.open_link, name="open-link"),
]
