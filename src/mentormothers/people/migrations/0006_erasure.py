"""Erasure of a client's identity, and the list that keeps her name from coming back."""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

SQL = (Path(__file__).parents[1] / "sql" / "erasure.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("people", "0005_search_token")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("client", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("by", models.UUIDField(null=True)),
                ("reason", models.TextField()),
            ],
            options={
                "db_table": "erasure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(reason__in=["asked", "consent_withdrawn", "wrong_person", "other"]),
                        name="erasure_reason_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL),
    ]
