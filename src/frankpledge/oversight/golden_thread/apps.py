from django.apps import AppConfig


class GoldenThreadConfig(AppConfig):
    name = "frankpledge.oversight.golden_thread"
    label = "golden_thread"
