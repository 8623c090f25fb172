"""For a web server that wants a WSGI callable: `frankpledge.server.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "frankpledge.server.settings")
application = get_wsgi_application()
