"""Who belongs to a client's family, wherever each of them lives."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "kin.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0003_following")]
    operations = [migrations.RunSQL(SQL)]
