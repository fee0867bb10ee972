"""Phones hear of pseudonyms that are one person."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "merge.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sync", "0004_erase"), ("care", "0006_same_person")]
    operations = [migrations.RunSQL(SQL)]
