"""All settings, read from the environment. Each variable is documented in docs/settings.md.

Without any variable this is an installation for one machine: it answers on loopback addresses only, over plain HTTP.
Naming a host people reach over a network (``FRANKPLEDGE_HOSTS``) makes it a real one: HTTPS only, a secret of its own.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("FRANKPLEDGE_DATA", ".frankpledge")).resolve()
DEBUG = False

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _switched_on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def _number(name: str, default: int) -> int:
    try:
        value = int(os.environ.get(name, default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if value < 0:
        raise ImproperlyConfigured(f"{name} must not be negative.")
    return value


# -- where it answers -------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = _words("FRANKPLEDGE_HOSTS", ",".join(LOOPBACK_HOSTS))
ON_LOOPBACK_ONLY = all(host in LOOPBACK_HOSTS for host in ALLOWED_HOSTS)
BIND_ADDRESS = os.environ.get("FRANKPLEDGE_BIND", "127.0.0.1")
PROXIES = _number("FRANKPLEDGE_PROXIES", 0)
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("FRANKPLEDGE_HOSTS must name the hosts this installation answers to; * is none.")

# -- the demonstration ------------------------------------------------------------------------------------------------

DEMO = _switched_on("FRANKPLEDGE_DEMO")
DEMO_PASSWORD = os.environ.get("FRANKPLEDGE_DEMO_PASSWORD", "") if DEMO else ""
if DEMO and not (ON_LOOPBACK_ONLY and BIND_ADDRESS in ("localhost", "127.0.0.1", "::1", "[::1]")):
    raise ImproperlyConfigured(
        "The demonstration has sign-ins anybody can read, so it runs on a loopback address only: "
        "use 127.0.0.1, or start without the demonstration."
    )
if os.environ.get("FRANKPLEDGE_DEMO_PASSWORD") and not DEMO:
    raise ImproperlyConfigured(
        "FRANKPLEDGE_DEMO_PASSWORD is for the demonstration only, and FRANKPLEDGE_DEMO is not set."
    )

# -- secrets ----------------------------------------------------------------------------------------------------------

SECRET_LENGTH = 50


def _secret_key() -> str:
    """The secret from the environment, or on a loopback installation one made once and kept in the data folder.

    There is no default. Raises ImproperlyConfigured for a missing, short or monotonous secret.
    """
    given = os.environ.get("FRANKPLEDGE_SECRET_KEY", "")
    if given:
        if len(given) < SECRET_LENGTH or len(set(given)) < 10:
            raise ImproperlyConfigured(
                f"FRANKPLEDGE_SECRET_KEY must be at least {SECRET_LENGTH} characters, made at random."
            )
        return given
    if not ON_LOOPBACK_ONLY:
        raise ImproperlyConfigured(
            "FRANKPLEDGE_SECRET_KEY is not set. An installation people reach over a network needs a secret of its own: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return _own_secret(DATA_DIR / "secret.key")


def _own_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place, so that two processes starting together agree on one.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(SECRET_LENGTH))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text().strip()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = _words("FRANKPLEDGE_OLD_SECRET_KEYS")

# -- sign-in by the partnership's own provider (OpenID Connect) -------------------------------------------------------

OIDC_SERVER = os.environ.get("FRANKPLEDGE_OIDC_SERVER", "")
OIDC_NAME = os.environ.get("FRANKPLEDGE_OIDC_NAME", "your organisation")
if OIDC_SERVER and not (
    os.environ.get("FRANKPLEDGE_OIDC_CLIENT_ID") and os.environ.get("FRANKPLEDGE_OIDC_CLIENT_SECRET")
):
    raise ImproperlyConfigured(
        "FRANKPLEDGE_OIDC_SERVER is set, so FRANKPLEDGE_OIDC_CLIENT_ID and FRANKPLEDGE_OIDC_CLIENT_SECRET must be too."
    )

# -- parts ------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "frankpledge.ui",
    "frankpledge.foundation.audit",
    "frankpledge.foundation.jobs",
    # Before allauth, so that our templates stand in front of theirs.
    "frankpledge.foundation.agencies",
    "frankpledge.foundation.places",
    "frankpledge.records.indicators",
    "frankpledge.records.plan",
    "frankpledge.records.people",
    "frankpledge.records.incidents",
    "frankpledge.records.meetings",
    "frankpledge.records.actions",
    "frankpledge.records.alerts",
    "frankpledge.delivery.home_security",
    "frankpledge.delivery.area_schemes",
    "frankpledge.delivery.commissioning",
    "frankpledge.oversight.exploring",
    "frankpledge.oversight.assessment",
    "frankpledge.oversight.performance",
    "frankpledge.oversight.claims",
    "frankpledge.oversight.evaluation",
    "frankpledge.oversight.golden_thread",
    "frankpledge.oversight.overview",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]
if OIDC_SERVER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
AUTH_USER_MODEL = "agencies.Person"

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'frankpledge.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL: what was committed outlives a power cut. An upload is erased once its import is committed.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
# Limits at the door and used codes must be seen by every process, so the cache is in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "agencies_sharedcacheentry",
        # Django's own 300 would throw counts away before their time: whoever comes from many addresses is not counted.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

MIDDLEWARE = [
    "frankpledge.foundation.agencies.demo.LoopbackOnlyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the check for forged requests: a refused route must answer like an absent one, whatever is sent to it.
    "frankpledge.foundation.agencies.policy.PolicyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "frankpledge.foundation.agencies.sessions.SessionLimitsMiddleware",
    "frankpledge.foundation.agencies.sessions.PrivateAnswersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "frankpledge.oversight.overview.frame.frame",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- words and files --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not ON_LOOPBACK_ONLY
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Collected files carry their fingerprint in the name; without a collection they are served from where they lie.
STATIC_IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
WHITENOISE_MANIFEST_STRICT = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "media"}},
    "staticfiles": {
        "BACKEND": "frankpledge.server.static_files.FingerprintedFiles"
        if STATIC_IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# -- signing in -------------------------------------------------------------------------------------------------------

LOGIN_URL = "/account/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/account/sign-in/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "frankpledge.foundation.agencies.sign_in.PersonBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600

ACCOUNT_ADAPTER = "frankpledge.foundation.agencies.sign_in.DoorKeeper"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator entered the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Wrong passwords are counted by django-axes; these slow down codes, and everything else at the door.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/5m/key", "reset_password": "20/m/ip,5/h/key"}
ACCOUNT_FORMS = {
    "login": "frankpledge.foundation.agencies.sign_in_forms.SignInForm",
    "reauthenticate": "frankpledge.foundation.agencies.sign_in_forms.ConfirmForm",
    "reset_password": "frankpledge.foundation.agencies.sign_in_forms.ForgottenForm",
    "reset_password_from_key": "frankpledge.foundation.agencies.sign_in_forms.NewPasswordForm",
    "change_password": "frankpledge.foundation.agencies.sign_in_forms.ChangePasswordForm",
    "set_password": "frankpledge.foundation.agencies.sign_in_forms.SetPasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

MFA_ADAPTER = "frankpledge.foundation.agencies.sign_in.SecondFactors"
MFA_FORMS = {
    "authenticate": "frankpledge.foundation.agencies.sign_in_forms.CodeForm",
    "reauthenticate": "frankpledge.foundation.agencies.sign_in_forms.ConfirmCodeForm",
    "activate_totp": "frankpledge.foundation.agencies.sign_in_forms.AddAppForm",
    "add_webauthn": "frankpledge.foundation.agencies.sign_in_forms.AddKeyForm",
    "edit_webauthn": "frankpledge.foundation.agencies.sign_in_forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_LOOPBACK_ONLY

AXES_HANDLER = "frankpledge.foundation.agencies.sign_in.LockOut"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = "frankpledge.foundation.agencies.sign_in.cool_off"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_USERNAME_CALLABLE = "frankpledge.foundation.agencies.sign_in.name_tried"
AXES_CLIENT_IP_CALLABLE = "frankpledge.foundation.agencies.sign_in.source_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the audit trail
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

if OIDC_SERVER:
    SOCIALACCOUNT_ADAPTER = "frankpledge.foundation.agencies.provider_sign_in.ProviderDoorKeeper"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "provider",
                    "name": OIDC_NAME,
                    "client_id": os.environ["FRANKPLEDGE_OIDC_CLIENT_ID"],
                    "secret": os.environ["FRANKPLEDGE_OIDC_CLIENT_SECRET"],
                    "settings": {
                        "server_url": OIDC_SERVER,
                        "verified_email": _switched_on("FRANKPLEDGE_OIDC_ADDRESSES_VERIFIED"),
                    },
                }
            ],
        }
    }

# -- sessions and cookies ---------------------------------------------------------------------------------------------

SESSION_IDLE_MINUTES = _number("FRANKPLEDGE_SESSION_IDLE_MINUTES", 30)
SESSION_LIMIT_HOURS = _number("FRANKPLEDGE_SESSION_LIMIT_HOURS", 10)
SESSION_COOKIE_AGE = SESSION_LIMIT_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not ON_LOOPBACK_ONLY
CSRF_COOKIE_SECURE = not ON_LOOPBACK_ONLY
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# -- what browsers are told -------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = not ON_LOOPBACK_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked over plain HTTP by whatever watches this process
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK_ONLY else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not ON_LOOPBACK_ONLY
# Asking browsers to preload a host is for whoever owns the domain, not for one application on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        # Chromium holds redirects after a form to this list, and signing in elsewhere begins with a form.
        "form-action": ["'self'", *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER))] if OIDC_SERVER else [])],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# What is sent here, and every other file Django writes, is for this installation's own eyes.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# The largest file that can be added to the evidence in the browser.
UPLOAD_LIMIT_BYTES = _number("FRANKPLEDGE_UPLOAD_LIMIT_MB", 500) * 2**20

# -- mail -------------------------------------------------------------------------------------------------------------

EMAIL_HOST = os.environ.get("FRANKPLEDGE_EMAIL_HOST", "")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = _number("FRANKPLEDGE_EMAIL_PORT", 587)
    EMAIL_HOST_USER = os.environ.get("FRANKPLEDGE_EMAIL_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("FRANKPLEDGE_EMAIL_PASSWORD", "")
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "outbox"
DEFAULT_FROM_EMAIL = os.environ.get("FRANKPLEDGE_EMAIL_FROM", "frankpledge@localhost")
# After a burglary: "doors" offers a visit to four homes either side, "zone" to all within the measured range.
COCOON = os.environ.get("FRANKPLEDGE_COCOON", "doors")
if COCOON not in ("doors", "zone"):
    raise ImproperlyConfigured("FRANKPLEDGE_COCOON is doors or zone.")
# What residents may call instead of filling in the form; nothing is shown without one.
PUBLIC_TELEPHONE = os.environ.get("FRANKPLEDGE_PUBLIC_TELEPHONE", "01632 960 148" if DEMO else "")
# The partnership's full privacy notice, to which the public form's own page leads; no link is shown without one.
PRIVACY_NOTICE = os.environ.get("FRANKPLEDGE_PRIVACY_NOTICE", "")
if PRIVACY_NOTICE and not PRIVACY_NOTICE.startswith("https://"):
    raise ImproperlyConfigured("FRANKPLEDGE_PRIVACY_NOTICE is an address that begins with https://.")
# Where residents reach their own pages; it stands in letters, e-mails and texts. `serve` on loopback says its own.
PUBLIC_ADDRESS = os.environ.get(
    "FRANKPLEDGE_PUBLIC_ADDRESS", f"https://{[*ALLOWED_HOSTS, 'localhost'][0].lstrip('.')}"
).rstrip("/")
_public = urlsplit(PUBLIC_ADDRESS)
_has_more = _public.query or _public.fragment or "@" in _public.netloc
if _public.scheme not in (("https", "http") if ON_LOOPBACK_ONLY else ("https",)) or not _public.hostname or _has_more:
    raise ImproperlyConfigured(
        "FRANKPLEDGE_PUBLIC_ADDRESS stands in messages to residents, before a key to their own visit: it begins with "
        "https:// and a host, such as https://homes.example.org, and has no ? or # in it."
    )
# A class that takes messages to residents: letters, e-mails and texts. See delivery/home_security/sending.py.
MESSAGE_SENDER = os.environ.get("FRANKPLEDGE_MESSAGE_SENDER", "frankpledge.delivery.home_security.sending.FileOutbox")

# -- what is written down ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_addresses": {"()": "frankpledge.server.logs.WithoutAddresses"}},
    "formatters": {
        "line": {
            "()": "frankpledge.server.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_addresses"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "frankpledge": {"level": os.environ.get("FRANKPLEDGE_LOG_LEVEL", "INFO").upper()},
    },
}
