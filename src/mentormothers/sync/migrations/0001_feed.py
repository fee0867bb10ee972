"""The feed of changes, written by the database itself."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "feed.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0002_security"),
        ("people", "0002_security"),
        ("followup", "0002_security"),
    ]
    operations = [migrations.RunSQL(SQL)]
