"""Addresses of the overview: the home page, and the partnership's colours as a style sheet."""

from django.urls import path, register_converter

from frankpledge.oversight.overview import views


class ColourConverter:
    """Six hexadecimal digits."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        """The digits behind ``#``."""
        return value

    def to_url(self, value: str) -> str:
        """The digits behind ``#``."""
        return value


register_converter(ColourConverter, "colour")

app_name = "overview"
urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("read/", views.mark_as_read, name="mark_as_read"),
    path("administration/partnership/", views.partnership, name="partnership"),
    path("colours/<colour:colour>.css", views.colours, name="colours"),
]
