from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "frankpledge.records.meetings"
    label = "meetings"
