from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "mentormothers.followup"
    label = "followup"
