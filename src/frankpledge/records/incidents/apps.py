from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "frankpledge.records.incidents"
    label = "incidents"
