from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "mentormothers.reports"
    label = "reports"
