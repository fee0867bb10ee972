"""One woman with several pseudonyms is one person: what follows from her facts follows from those of all of them."""

from pathlib import Path

from django.db import migrations, models

FOLDER = Path(__file__).parents[1] / "sql"


def _sql(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((FOLDER / name).read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("care", "0005_reseal"), ("followup", "0003_keeping")]
    operations = [
        migrations.CreateModel(
            "SamePerson",
            [
                ("client", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField(db_index=True)),
                ("site", models.IntegerField()),
                ("organisation", models.IntegerField()),
            ],
            options={"db_table": "same_person"},
        ),
        _sql("same_person.sql"),
        # Databases of before have these functions for one pseudonym each.
        _sql("following.sql"),
        _sql("kin.sql"),
    ]
