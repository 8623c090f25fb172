from django.apps import AppConfig


class HomeSecurityConfig(AppConfig):
    name = "frankpledge.delivery.home_security"
    label = "home_security"
