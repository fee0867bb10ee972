"""Identity in its own schema, for its own role."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "security.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("care", "0002_security")]
    operations = [migrations.RunSQL(SQL)]
