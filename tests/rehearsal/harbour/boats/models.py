"""The boats that lie in the harbour."""

from django.db import models


class Boat(models.Model):
    name = models.CharField(max_length=80, unique=True)
    metres = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["name"]  # noqa: RUF012 - as Django's own documentation writes it

    def __str__(self) -> str:
        return self.name
