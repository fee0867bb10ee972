"""Districts with their boundaries, facilities from a list, organisations, and the sites of the programme."""

from typing import ClassVar

from django.db import models


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
    delivery_model = models.CharField(max_length=24, choices=DeliveryModel)
    opened = models.DateField()
    closed = models.DateField(null=True)

    class Meta:
        db_table = "site"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(delivery_model__in=DeliveryModel.values), name="site_delivery_model_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed__isnull=True) | models.Q(closed__gte=models.F("opened")),
                name="site_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name
