"""Phones hear of stays and guests."""

from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parents[1] / "sql"
SQL = [(FOLDER / name).read_text(encoding="utf-8") for name in ("staying.sql", "rebuild_feed.sql")]


class Migration(migrations.Migration):
    dependencies = [("sync", "0005_merge"), ("care", "0007_staying")]
    operations = [migrations.RunSQL(sql) for sql in SQL]
