from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "frankpledge.oversight.evaluation"
    label = "evaluation"
