from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "mentormothers.sync"
    label = "sync"
