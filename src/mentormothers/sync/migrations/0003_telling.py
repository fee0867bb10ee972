"""The statements that tell the feed are planned once for a connection."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "telling.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sync", "0002_last_told")]
    operations = [migrations.RunSQL(SQL)]
