"""Who lies in the harbour, and whether the harbour is open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Boat


def moored(request: HttpRequest) -> HttpResponse:
    return render(request, "boats/moored.html", {"boats": Boat.objects.all()})


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open", content_type="text/plain")
