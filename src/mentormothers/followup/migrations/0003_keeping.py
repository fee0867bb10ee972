"""Open items are kept, and worked out again when something about a client changed or another day begins."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "keeping.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_security"), ("care", "0004_kin")]
    operations = [migrations.RunSQL(SQL)]
