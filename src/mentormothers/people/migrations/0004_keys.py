"""What was sealed about a woman is kept wherever she and her key belong."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "keys.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0003_keeping")]
    operations = [migrations.RunSQL(SQL)]
