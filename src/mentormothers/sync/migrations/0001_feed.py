"""The feed of changes, written by the database itself."""

from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parents[1] / "sql"
SQL = [(FOLDER / name).read_text(encoding="utf-8") for name in ("feed.sql", "rebuild_feed.sql")]


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0002_security"),
        ("people", "0002_security"),
        ("followup", "0002_security"),
    ]
    operations = [migrations.RunSQL(sql) for sql in SQL]
