"""Sealed identity (schema `people`)."""

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


class PhoneIndex(models.Model):
    """A keyed hash of a client's phone number, so that it can be looked up exactly without unsealing anything."""

    pk = models.CompositePrimaryKey("client", "blind")
    client = models.UUIDField()
    blind = models.BinaryField(db_index=True)
    organisation = models.IntegerField()

    class Meta:
        db_table = "phone_index"
