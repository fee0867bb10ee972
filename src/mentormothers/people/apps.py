from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mentormothers.people"
    label = "people"
