"""A look-up finds persons, and reads tokens of one's own organisations only."""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parents[1] / "sql" / "look_up_persons.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0010_guests"), ("care", "0006_same_person")]
    operations = [
        migrations.AlterField("searchtoken", "token", models.BinaryField()),
        migrations.AddIndex(
            "searchtoken", models.Index(fields=["token", "organisation"], name="search_token_looked_for")
        ),
        migrations.RunSQL(SQL),
    ]
