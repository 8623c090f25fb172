from django.apps import AppConfig


class AreaSchemesConfig(AppConfig):
    name = "frankpledge.delivery.area_schemes"
    label = "area_schemes"
