"""The ministry's role, and what the database closes to it."""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parents[1] / "sql" / "ministry.sql").read_text(encoding="utf-8")
ROLES = [
    ("mentor", "Mentor Mother"),
    ("coordinator", "Site Coordinator"),
    ("manager", "Programme manager"),
    ("ministry", "Ministry of health"),
    ("administrator", "Administrator"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0003_installation")]
    operations = [
        migrations.AlterField("user", "role", models.CharField(choices=ROLES, max_length=20)),
        migrations.RemoveConstraint("user", "user_role_known"),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(condition=models.Q(role__in=[role for role, _ in ROLES]), name="user_role_known"),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=~models.Q(role="ministry") | models.Q(organisation__isnull=True), name="user_ministry_of_none"
            ),
        ),
        migrations.RunSQL(SQL),
    ]
