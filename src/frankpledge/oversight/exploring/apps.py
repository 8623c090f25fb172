from django.apps import AppConfig


class ExploringConfig(AppConfig):
    name = "frankpledge.oversight.exploring"
    label = "exploring"
