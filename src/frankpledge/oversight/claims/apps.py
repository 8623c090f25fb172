from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "frankpledge.oversight.claims"
    label = "claims"
