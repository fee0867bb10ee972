"""Records, facts, clients and caseloads (schema `care`), and the content published to phones.

Things that may arrive apart have no foreign keys: a result can be here before its sample, a correction before
what it corrects.
"""

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.functions import Now


class Record(models.Model):
    """One record as it was made, for ever. `body` is its canonical JSON, `digest` that text's SHA-256.

    A record and its facts say one instant of receipt, that of their transaction: so facts can be made anew from it.
    """

    id = models.UUIDField(primary_key=True)
    client = models.UUIDField(null=True)
    form = models.TextField()
    form_version = models.TextField()
    happened = models.DateField()
    author = models.UUIDField()
    device = models.UUIDField(null=True)
    counter = models.BigIntegerField(null=True)
    device_clock = models.DateTimeField()
    site = models.IntegerField()
    organisation = models.IntegerField()
    source = models.TextField()
    relation = models.TextField(blank=True)
    relation_record = models.UUIDField(null=True)
    relation_repeat = models.UUIDField(null=True)
    body = models.TextField()
    digest = models.BinaryField()
    received = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        db_table = "record"
        indexes: ClassVar = [
            models.Index(fields=["client", "happened"], name="record_client"),
            models.Index(fields=["client", "relation"], name="record_relation", condition=~models.Q(relation="")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(relation__in=["", "amends", "withdraws", "same_event_as"]),
                name="record_relation_known",
            ),
            models.CheckConstraint(
                condition=models.Q(relation="") ^ models.Q(relation_record__isnull=False), name="record_relation_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(happened__gte="1900-01-01", happened__lt="2200-01-01"),
                name="record_happened_possible",
            ),
        ]


class Fact(models.Model):
    """One observation of a record: a projection, made with it and, like it, never changed."""

    pk = models.CompositePrimaryKey("record", "place")
    record = models.UUIDField()
    place = models.SmallIntegerField()
    client = models.UUIDField()
    role = models.TextField()
    mother = models.UUIDField(null=True)
    kind = models.TextField()
    day = models.DateField()
    precision = models.SmallIntegerField()
    value = models.TextField(blank=True)
    number = models.BigIntegerField(null=True)
    ref = models.UUIDField(null=True)
    source = models.TextField()
    site = models.IntegerField()
    organisation = models.IntegerField()
    received = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        db_table = "fact"
        indexes: ClassVar = [
            models.Index(fields=["client", "kind", "day"], name="fact_client"),
            models.Index(fields=["kind", "day"], name="fact_kind"),
        ]


class Client(models.Model):
    """A person under a pseudonym: birth mother, and the home site that follows her through her facts.

    Somebody who was enrolled twice has two until a coordinator joins them (SamePerson); `mother` names a birth mother
    by the pseudonym by which she is known.
    """

    id = models.UUIDField(primary_key=True)
    mother = models.UUIDField(null=True, db_index=True)
    role = models.TextField()
    site = models.IntegerField(db_index=True)
    organisation = models.IntegerField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "client"


class SamePerson(models.Model):
    """A pseudonym of a person who has a smaller one too, by which she is known: `person`. A projection.

    Who has one pseudonym, or is known by hers, has no row.
    """

    client = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    site = models.IntegerField()
    organisation = models.IntegerField()

    class Meta:
        db_table = "same_person"


class Caseload(models.Model):
    """A mentor looks after a client: since she enrolled her, was given her, is asked to look for her, or while she
    stays at the mentor's site."""

    pk = models.CompositePrimaryKey("client", "mentor")
    client = models.UUIDField()
    mentor = models.UUIDField(db_index=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    reason = models.TextField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "caseload"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reason__in=["enrolled", "given", "tracing", "staying"]),
                name="caseload_reason_known",
            ),
        ]


class Stay(models.Model):
    """A woman of another site is here, for a day or for a while: confirmed by somebody with her present.

    Until its last day, what is known of her and her children is in the scope of `site`. Her home stays where it is.

    asked  hash of what it was asked with: asking twice makes no second stay
    mentor who looks after her here; null where nobody was named
    until  its last day; `ends` the instant at which that day is over
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.UUIDField(db_index=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    reason = models.TextField()
    evidence = models.TextField()
    since = models.DateField()
    until = models.DateField()
    ends = models.DateTimeField()
    mentor = models.UUIDField(null=True)
    confirmed_by = models.UUIDField()
    device = models.UUIDField(null=True)
    asked = models.BinaryField(unique=True)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True, db_default="")
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "stay"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reason__in=["visit", "while", "moved"]), name="stay_reason_known"
            ),
            models.CheckConstraint(condition=models.Q(evidence__in=["look_up", "card"]), name="stay_evidence_known"),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="stay_until_after_since"),
        ]


class Guest(models.Model):
    """Who may be seen at a site because of a stay there: a projection of stays and of who is whose child."""

    pk = models.CompositePrimaryKey("client", "site")
    client = models.UUIDField()
    site = models.IntegerField()
    organisation = models.IntegerField()
    ends = models.DateTimeField()

    class Meta:
        db_table = "guest"
        indexes: ClassVar = [models.Index(fields=["site"], name="guest_site")]


class Quarantined(models.Model):
    """A record that could not be taken: its bytes, sealed, and why. Nothing is ever lost here."""

    record = models.TextField(blank=True)
    author = models.UUIDField(null=True)
    device = models.UUIDField(null=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    form = models.TextField(blank=True)
    code = models.TextField()
    reason = models.TextField()
    digest = models.BinaryField()
    sealed = models.BinaryField()
    received = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "quarantined"
        constraints: ClassVar = [
            # The same refused bytes may come again and again; once is enough.
            models.UniqueConstraint(fields=["digest", "code"], name="quarantined_once"),
        ]


class QuarantineDecision(models.Model):
    """What a person (or a new form version) did about a quarantined record."""

    quarantined = models.BigIntegerField(db_index=True)
    decision = models.TextField()
    by = models.UUIDField(null=True)
    note = models.TextField(blank=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "quarantine_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["taken", "set_aside"]), name="quarantine_decision_known"
            ),
        ]


class Publication(models.Model):
    """Content published to phones: a form, the protocol, the vocabulary. A version never changes."""

    kind = models.TextField()
    name = models.TextField()
    version = models.TextField()
    digest = models.TextField(unique=True)
    body = models.TextField()
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "publication"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name", "version"], name="publication_once"),
        ]
