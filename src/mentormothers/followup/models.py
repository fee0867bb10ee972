"""Who is asked to look for whom (schema `care`)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Assignment(models.Model):
    """A mentor is asked to look for a client because of an item, until a day.

    A client has one owner at a time, so that two people do not look for her on one day; the last day is a lease
    that also ends on a phone without network.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.UUIDField(db_index=True)
    mentor = models.UUIDField()
    item = models.TextField()
    until = models.DateField()
    site = models.IntegerField()
    organisation = models.IntegerField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        db_table = "assignment"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(ended_at__isnull=True), name="assignment_one_owner"
            ),
        ]
