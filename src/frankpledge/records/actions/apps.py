from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "frankpledge.records.actions"
    label = "actions"
