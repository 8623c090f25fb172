from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "frankpledge.foundation.jobs"
    label = "jobs"
