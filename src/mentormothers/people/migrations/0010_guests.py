"""Who a guest is may be known where she stays."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "guests.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0009_erase_person"), ("care", "0007_staying")]
    operations = [migrations.RunSQL(SQL)]
