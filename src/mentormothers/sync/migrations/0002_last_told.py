"""Cursors rest on changes that are on disk."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "last_told.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sync", "0001_feed")]
    operations = [migrations.RunSQL(SQL)]
