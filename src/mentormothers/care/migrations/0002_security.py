"""Care in its own schema, under row-level security."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "security.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("access", "0002_security")]
    operations = [migrations.RunSQL(SQL)]
