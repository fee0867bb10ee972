"""Homes and caseloads follow from the facts alone, in whatever order and however many at once they come."""

from pathlib import Path

from django.contrib.postgres.functions import TransactionNow
from django.db import migrations, models

# Databases of before have these functions already, from several steps.
SQL = (Path(__file__).parents[1] / "sql" / "following.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0002_security"), ("access", "0003_installation"), ("followup", "0002_security")]
    operations = [
        migrations.AlterField("record", "received", models.DateTimeField(db_default=TransactionNow())),
        migrations.AlterField("fact", "received", models.DateTimeField(db_default=TransactionNow())),
        migrations.RunSQL(SQL),
    ]
