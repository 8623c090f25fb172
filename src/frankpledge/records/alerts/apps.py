from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "frankpledge.records.alerts"
    label = "alerts"
