from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "frankpledge.foundation.places"
    label = "places"
