from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "frankpledge.oversight.overview"
    label = "overview"
