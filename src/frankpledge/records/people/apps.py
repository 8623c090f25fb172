from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "frankpledge.records.people"
    label = "people"
