"""Identity is kept also by a site that is not, or no longer, the client's home."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "keeping.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0002_security")]
    operations = [migrations.RunSQL(SQL)]
