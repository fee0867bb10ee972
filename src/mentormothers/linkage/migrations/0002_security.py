"""Proposals in a schema of their own, under row-level security, and the narrow ways to identities."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "security.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial"), ("people", "0008_search_scope"), ("care", "0006_same_person")]
    operations = [migrations.RunSQL(SQL)]
