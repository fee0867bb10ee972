"""Sealed identity (schema `people`)."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ClientKey(models.Model):
    """The key of one client, wrapped by her organisation's. Without it her identity is unreadable for ever."""

    client = models.UUIDField(primary_key=True)
    organisation = models.IntegerField()
    wrapped = models.BinaryField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "client_key"


class IdentityRecord(models.Model):
    """The identity answers of one record about one person, sealed with her key; never changed."""

    pk = models.CompositePrimaryKey("record", "client")
    record = models.UUIDField()
    client = models.UUIDField(db_index=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    sealed = models.BinaryField()
    received = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "identity_record"


class SearchToken(models.Model):
    """A keyed hash of something by which a client is looked for (`people.tokens`). It follows from what is sealed."""

    pk = models.CompositePrimaryKey("client", "token")
    client = models.UUIDField()
    token = models.BinaryField()
    organisation = models.IntegerField()

    class Meta:
        db_table = "search_token"
        indexes: ClassVar = [models.Index(fields=["token", "organisation"], name="search_token_looked_for")]


class Erasure(models.Model):
    """A client whose identity was erased, for ever: why, when, by whom (nobody: at the server itself). No name."""

    client = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)
    reason = models.TextField()

    class Meta:
        db_table = "erasure"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reason__in=["asked", "consent_withdrawn", "wrong_person", "other"]),
                name="erasure_reason_known",
            ),
        ]
