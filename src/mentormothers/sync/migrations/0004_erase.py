"""Phones hear of erasures."""

from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parents[1] / "sql"
SQL = [(FOLDER / name).read_text(encoding="utf-8") for name in ("erase.sql", "rebuild_feed.sql")]


class Migration(migrations.Migration):
    dependencies = [("sync", "0003_telling"), ("people", "0006_erasure")]
    operations = [migrations.RunSQL(sql) for sql in SQL]
