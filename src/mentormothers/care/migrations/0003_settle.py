"""Homes follow corrections."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "settle.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0002_security"), ("access", "0003_installation")]
    operations = [migrations.RunSQL(SQL)]
