from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "frankpledge.foundation.audit"
    label = "audit"
