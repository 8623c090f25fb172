from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "frankpledge.records.plan"
    label = "plan"
