"""What is proposed and what was decided of it (schema `linkage`): pseudonyms, probabilities, levels; never a name.

`weights` is a list of [comparison, level, bits] in the words of `linkage.model`, which say how two records agree and
not in what.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

LINK, NOT_SAME, UNSURE = "link", "not_same", "unsure"


class Run(models.Model):
    """One comparing of all clients of an organisation: how far it is, and what came of it.

    at     when something was last heard of it; a run that is not ended and long silent was killed
    """

    organisation = models.IntegerField()
    began = models.DateTimeField(db_default=Now())
    at = models.DateTimeField(db_default=Now())
    ended = models.DateTimeField(null=True)
    doing = models.TextField(blank=True)
    done = models.IntegerField(default=0)
    of = models.IntegerField(default=0)
    persons = models.IntegerField(default=0)
    proposals = models.IntegerField(default=0)

    class Meta:
        db_table = "run"


class Proposal(models.Model):
    """Two clients who are probably one person, the lesser pseudonym first.

    since  when they were first proposed like that: what was decided before does not hold any more
    model  which version of the comparisons found it (`linkage.proposing.model_version`)
    """

    pk = models.CompositePrimaryKey("a", "b")
    a = models.UUIDField()
    b = models.UUIDField(db_index=True)
    organisation = models.IntegerField()
    probability = models.FloatField()
    weights = models.JSONField()
    model = models.TextField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "proposal"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="proposal_in_order"),
        ]


class Decision(models.Model):
    """What somebody decided of two clients, and what was known of them then; never changed. No words of hers.

    What became of a link (that the two are one person, and whether that was taken back) is a record of care.
    """

    a = models.UUIDField()
    b = models.UUIDField(db_index=True)
    organisation = models.IntegerField()
    decision = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    probability = models.FloatField()
    weights = models.JSONField()
    model = models.TextField()

    class Meta:
        db_table = "decision"
        indexes: ClassVar = [models.Index(fields=["a", "b", "-at"], name="decision_pair")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(decision__in=[LINK, NOT_SAME, UNSURE]), name="decision_known"),
        ]
