"""Numbers that are kept: counts that a page need not make again, and the country's numbers as they are published."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from mentormothers.reports.small_cells import SMALLEST


class KeptCount(models.Model):
    """The rows of one question in one scope, with the position of the log they were counted at.

    A projection: it can be deleted at any time. Seen only by whoever has exactly its scope. `feed` is the place of the
    feed at which it was made: while it is the same nothing has changed. `took_ms` is its share of what counting it took
    together with others.
    """

    sites = ArrayField(models.IntegerField())
    organisations = ArrayField(models.IntegerField())
    measure = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    by = models.CharField(max_length=16, blank=True)
    counts = models.JSONField()
    position = models.TextField()
    feed = models.TextField()
    counted_at = models.DateTimeField(db_default=Now())
    took_ms = models.IntegerField()

    class Meta:
        db_table = "kept_count"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "first_day", "last_day", "by", "sites", "organisations"], name="kept_count_once"
            ),
        ]


class Edition(models.Model):
    """One edition of the country's numbers: when it was counted, from what, and how complete that was.

    complete  when the phones of each site were last heard of, by the site's number; empty: never
    """

    at = models.DateTimeField(db_default=Now())
    position = models.TextField()
    complete = models.JSONField()

    class Meta:
        db_table = "edition"


def _never_small(field: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": True}) | models.Q(**{field: 0}) | models.Q(**{f"{field}__gte": SMALLEST})


class PublishedNumber(models.Model):
    """A number as the ministry may see it. The database refuses a small one, whatever the code that counts does.

    place     `all`, `district:` and its number, a site's number, or `nowhere`
    part      of an indicator; empty for the whole
    word      what is shown instead of a number that is not (`<5`, `not shown`)
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="numbers")
    measure = models.TextField()
    period = models.TextField()
    place = models.TextField()
    part = models.TextField(blank=True)
    number = models.IntegerField(null=True)
    number_word = models.TextField(blank=True)
    of = models.IntegerField(null=True)
    of_word = models.TextField(blank=True)

    class Meta:
        db_table = "published_number"
        indexes: ClassVar = [models.Index(fields=["edition", "measure"], name="published_number_measure")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_never_small("number"), name="published_number_never_small"),
            models.CheckConstraint(condition=_never_small("of"), name="published_of_never_small"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=False) ^ ~models.Q(number_word=""), name="published_number_or_word"
            ),
        ]
