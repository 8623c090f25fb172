"""All settings, read from the environment. Each variable is documented in docs/settings.md."""

import os
from pathlib import Path

import dj_database_url

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("FRANKPLEDGE_DATA", ".frankpledge")).resolve()
DEBUG = False
SECRET_KEY = os.environ.get("FRANKPLEDGE_SECRET_KEY", "only-for-tests-and-the-demo")
ALLOWED_HOSTS = os.environ.get("FRANKPLEDGE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "frankpledge.ui",
    "frankpledge.foundation.audit",
    "frankpledge.foundation.jobs",
    "frankpledge.foundation.agencies",
    "frankpledge.foundation.places",
    "frankpledge.records.incidents",
    "frankpledge.oversight.assessment",
    "frankpledge.oversight.overview",
]
AUTH_USER_MODEL = "agencies.Person"
LOGIN_URL = "/account/sign-in/"

DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'frankpledge.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "frankpledge.foundation.agencies.policy.PolicyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "frankpledge.server.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
STATIC_URL = "/static/"
