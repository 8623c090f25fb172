from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "frankpledge.foundation.agencies"
    label = "agencies"
