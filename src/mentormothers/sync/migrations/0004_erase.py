"""Phones hear of erasures."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "erase.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sync", "0003_telling"), ("people", "0006_erasure")]
    operations = [migrations.RunSQL(SQL)]
