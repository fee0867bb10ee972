"""The delivery model of a site over time; the one each site had is from its opening on."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = (Path(__file__).parents[1] / "sql" / "site_model.sql").read_text(encoding="utf-8")
MODELS = [
    ("direct", "run directly"),
    ("partner", "run by a partner"),
    ("technical_assistance", "run by the ministry with our help"),
]


class Migration(migrations.Migration):
    dependencies = [("sites", "0002_district_region"), ("access", "0002_security")]
    operations = [
        migrations.CreateModel(
            name="SiteModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(choices=MODELS, max_length=24)),
                ("since", models.DateField()),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="models", to="sites.site"
                    ),
                ),
            ],
            options={"db_table": "site_model"},
        ),
        migrations.AddConstraint(
            model_name="sitemodel",
            constraint=models.CheckConstraint(
                condition=models.Q(("model__in", [name for name, _ in MODELS])), name="site_model_known"
            ),
        ),
        migrations.RunSQL(SQL),
        migrations.RemoveConstraint(model_name="site", name="site_delivery_model_known"),
        migrations.RemoveField(model_name="site", name="delivery_model"),
    ]
