"""Looking somebody up over all sites of an organisation."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "look_up.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0006_erasure"), ("care", "0004_kin")]
    operations = [migrations.RunSQL(SQL)]
