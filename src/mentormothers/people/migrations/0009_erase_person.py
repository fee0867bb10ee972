"""A name is erased under all pseudonyms of a person."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "erase_person.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0008_search_scope"), ("care", "0006_same_person")]
    operations = [migrations.RunSQL(SQL)]
