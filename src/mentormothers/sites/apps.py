from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "mentormothers.sites"
    label = "sites"
