from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "frankpledge.oversight.performance"
    label = "performance"
