"""Districts with their boundaries, facilities from a list, organisations, and the sites of the programme."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone


class District(models.Model):
    """A district of a country. `boundary` is its GeoJSON geometry, as given by the source, `region` the level above
    if the source names it."""

    country = models.CharField(max_length=3)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    boundary = models.JSONField()
    source = models.CharField(max_length=120)

    class Meta:
        db_table = "district"

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A health facility of a public list. A facility whose place is not known has no district."""

    country = models.CharField(max_length=3)
    region = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, blank=True)
    ownership = models.CharField(max_length=60, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True)
    unplaced_because = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        db_table = "facility"
        constraints: ClassVar = [
            # The list knows several facilities of one name and kind; together with the place they are told apart.
            models.UniqueConstraint(
                fields=["source", "country", "region", "name", "kind", "latitude", "longitude"],
                nulls_distinct=False,
                name="facility_once",
            ),
            models.CheckConstraint(
                condition=models.Q(district__isnull=True) ^ models.Q(unplaced_because=""), name="facility_placed_or_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Who runs sites: the programme, a partner, a ministry. It has its own keys and sees its own clients."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        db_table = "organisation"

    def __str__(self) -> str:
        return self.name


class DeliveryModel(models.TextChoices):
    """Who works at a site and who stands behind them."""

    DIRECT = "direct", "run directly"
    PARTNER = "partner", "run by a partner"
    TECHNICAL_ASSISTANCE = "technical_assistance", "run by the ministry with our help"


class Site(models.Model):
    """A place where the programme works."""

    name = models.CharField(max_length=120)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    opened = models.DateField()
    closed = models.DateField(null=True)

    class Meta:
        db_table = "site"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed__isnull=True) | models.Q(closed__gte=models.F("opened")),
                name="site_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def delivery_model_on(self, day: date) -> DeliveryModel | None:
        """The delivery model in force on a day; None before the first is known."""
        said = [(one.since, one.pk, one.model) for one in self.models.all() if one.since <= day]
        return DeliveryModel(max(said)[2]) if said else None

    @property
    def delivery_model(self) -> DeliveryModel | None:
        """The delivery model in force today."""
        return self.delivery_model_on(timezone.localdate())


class SiteModel(models.Model):
    """The delivery model of a site from a day on, until the next. Nothing is changed: a later word on a day counts."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="models")
    model = models.CharField(max_length=24, choices=DeliveryModel)
    since = models.DateField()
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "site_model"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(model__in=DeliveryModel.values), name="site_model_known"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.model} from {self.since}"


class CardSheet(models.Model):
    """Cards that were printed together for a site, before anybody has one. Who has which is known to `people` alone."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    printed_by = models.UUIDField()
    printed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "card_sheet"

    def __str__(self) -> str:
        return f"{self.site}: {self.printed_at:%Y-%m-%d}"


class Card(models.Model):
    """The code of a card (facts.card_code): no two cards of an installation have the same."""

    code = models.CharField(max_length=8, primary_key=True)
    sheet = models.ForeignKey(CardSheet, on_delete=models.PROTECT, related_name="cards")

    class Meta:
        db_table = "card"

    def __str__(self) -> str:
        return "card"
