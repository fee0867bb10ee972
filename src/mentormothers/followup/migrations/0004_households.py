"""A household is worked out: babies whom somebody else than their mother looks after are of another one than she."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "households.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("followup", "0003_keeping")]
    operations = [migrations.RunSQL(SQL)]
