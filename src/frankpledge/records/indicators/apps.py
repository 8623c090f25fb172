from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "frankpledge.records.indicators"
    label = "indicators"
