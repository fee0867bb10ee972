from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "mentormothers.linkage"
    label = "linkage"
