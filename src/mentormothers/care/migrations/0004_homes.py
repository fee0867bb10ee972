"""A baby born away from home lives with its mother, not where it was born."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "homes.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0003_settle")]
    operations = [migrations.RunSQL(SQL)]
