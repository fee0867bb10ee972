from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "mentormothers.access"
    label = "access"
