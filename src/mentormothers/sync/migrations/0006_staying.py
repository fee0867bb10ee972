"""Phones hear of stays and guests."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "staying.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sync", "0005_merge"), ("care", "0007_staying")]
    operations = [migrations.RunSQL(SQL)]
