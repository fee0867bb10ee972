"""Women of other sites who are here for a while."""

import uuid
from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

FOLDER = Path(__file__).parents[1] / "sql"


def _sql(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((FOLDER / name).read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("care", "0006_same_person"), ("followup", "0004_households")]
    operations = [
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("client", models.UUIDField(db_index=True)),
                ("site", models.IntegerField()),
                ("organisation", models.IntegerField()),
                ("reason", models.TextField()),
                ("evidence", models.TextField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("ends", models.DateTimeField()),
                ("mentor", models.UUIDField(null=True)),
                ("confirmed_by", models.UUIDField()),
                ("device", models.UUIDField(null=True)),
                ("asked", models.BinaryField(unique=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.TextField(blank=True, db_default="")),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "stay",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["visit", "while", "moved"])), name="stay_reason_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence__in", ["look_up", "card"])), name="stay_evidence_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="stay_until_after_since"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client", "site", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client", models.UUIDField()),
                ("site", models.IntegerField()),
                ("organisation", models.IntegerField()),
                ("ends", models.DateTimeField()),
            ],
            options={"db_table": "guest", "indexes": [models.Index(fields=["site"], name="guest_site")]},
        ),
        migrations.RemoveConstraint("caseload", "caseload_reason_known"),
        migrations.AddConstraint(
            "caseload",
            models.CheckConstraint(
                condition=models.Q(("reason__in", ["enrolled", "given", "tracing", "staying"])),
                name="caseload_reason_known",
            ),
        ),
        _sql("staying.sql"),
        # Databases of before have these functions without guests.
        _sql("following.sql"),
    ]
