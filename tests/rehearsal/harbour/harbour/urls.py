"""Two pages."""

from boats.views import health, moored
from django.urls import path

urlpatterns = [path("", moored), path("healthz", health)]
