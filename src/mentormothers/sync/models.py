"""The feed of changes (schema `sync`). The database itself writes it, by triggers on what changes."""

from django.db import models


class Feed(models.Model):
    """One change, in the order `(tx, place)`. Read with sync.changes, which never skips a late commit."""

    pk = models.CompositePrimaryKey("tx", "place")
    tx = models.TextField()
    place = models.BigIntegerField()
    event = models.TextField()
    client = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    site = models.IntegerField(null=True)

    class Meta:
        db_table = "feed"
        managed = False
