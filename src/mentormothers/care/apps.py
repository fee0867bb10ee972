from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "mentormothers.care"
    label = "care"
