"""Signing in and out, one's own account, and the people."""

from __future__ import annotations

from django.urls import URLPattern, path

from mathesar.accounts import account_views, people_views, token_views, views

urlpatterns: list[URLPattern] = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("open/<str:token>", views.open_link, name="open-link"),
    path("account", account_views.account, name="account"),
    path("account/password", account_views.change_password, name="password-change"),
    path("account/tokens", token_views.create, name="token-create"),
    path("account/tokens/<int:token_id>/revoke", token_views.revoke, name="token-revoke"),
    path("people", people_views.people, name="people"),
    path("people/add", people_views.add, name="person-add"),
    path("people/<int:person_id>/active", people_views.set_active, name="person-active"),
    path("people/<int:person_id>/password", people_views.reset_password, name="person-password"),
]
