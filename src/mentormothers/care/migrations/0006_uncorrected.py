"""Families without corrections are settled in the step that looks for corrections."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "uncorrected.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0005_following")]
    operations = [migrations.RunSQL(SQL)]
