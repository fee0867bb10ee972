"""Cards that were printed for a site, by the code on each."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = (Path(__file__).parents[1] / "sql" / "cards.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("sites", "0003_delivery_model_over_time")]
    operations = [
        migrations.CreateModel(
            name="CardSheet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("printed_by", models.UUIDField()),
                ("printed_at", models.DateTimeField(auto_now_add=True)),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="sites.site")),
            ],
            options={"db_table": "card_sheet"},
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                ("code", models.CharField(max_length=8, primary_key=True, serialize=False)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="sites.cardsheet"
                    ),
                ),
            ],
            options={"db_table": "card"},
        ),
        migrations.RunSQL(SQL),
    ]
