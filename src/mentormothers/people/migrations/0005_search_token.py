"""Tokens by which clients are looked for, made from what is sealed of them."""

from pathlib import Path

from django.db import migrations, models

from mentormothers.people.rebuilding import rebuild_tokens

SQL = (Path(__file__).parents[1] / "sql" / "search_token.sql").read_text(encoding="utf-8")


def _fill(*_: object) -> None:
    rebuild_tokens(mend=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_keys")]
    operations = [
        migrations.RunSQL(
            SQL,
            state_operations=[
                migrations.DeleteModel("PhoneIndex"),
                migrations.CreateModel(
                    name="SearchToken",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "client", "token", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("client", models.UUIDField()),
                        ("token", models.BinaryField(db_index=True)),
                        ("organisation", models.IntegerField()),
                    ],
                    options={"db_table": "search_token"},
                ),
            ],
        ),
        migrations.RunPython(_fill),
    ]
