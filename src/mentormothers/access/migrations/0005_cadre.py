"""What those in the role of a mentor are employed as."""

from django.db import migrations, models

CADRES = [
    ("mentor_mother", "Mentor Mother"),
    ("community_mentor_mother", "Community Mentor Mother"),
    ("expert_client_woman", "Expert client (woman)"),
    ("expert_client_man", "Expert client (man)"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0004_ministry")]
    operations = [
        migrations.AddField(
            "user",
            "cadre",
            models.CharField(blank=True, choices=CADRES, default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(cadre="") | models.Q(cadre__in=[cadre for cadre, _ in CADRES], role="mentor"),
                name="user_cadre_of_mentors",
            ),
        ),
    ]
