from django.apps import AppConfig


class CommissioningConfig(AppConfig):
    name = "frankpledge.delivery.commissioning"
    label = "commissioning"
