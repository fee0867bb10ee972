"""An erased name goes from what was refused, too."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "reseal.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("care", "0004_kin")]
    operations = [migrations.RunSQL(SQL)]
