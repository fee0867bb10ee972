from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "mentormothers.office"
    label = "office"
