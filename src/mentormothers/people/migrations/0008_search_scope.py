"""Tokens are found by their key first, and their scope is asked afterwards."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "search_scope.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0007_look_up")]
    operations = [migrations.RunSQL(SQL)]
