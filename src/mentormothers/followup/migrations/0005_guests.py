"""What is open for guests."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "guests.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("followup", "0004_households"), ("care", "0007_staying")]
    operations = [migrations.RunSQL(SQL)]
