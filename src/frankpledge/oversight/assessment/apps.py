from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "frankpledge.oversight.assessment"
    label = "assessment"
