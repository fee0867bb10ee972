"""Django's settings, from the environment. What an operator sets is listed in docs/reference/settings.md."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mentormothers import PACKAGE
from mentormothers.access.keys import read_keys
from mentormothers.config.database import OWNER, state_folder
from mentormothers.config.front import LARGEST

DEMO = os.environ.get("MENTORMOTHERS_DEMO") == "1"
UNSIGNED_PROTOCOLS = os.environ.get("MENTORMOTHERS_UNSIGNED_PROTOCOLS", "")
STATE = state_folder()
KEYS_FILE = Path(os.environ.get("MENTORMOTHERS_KEYS", STATE / "keys.json"))
SECRET_KEY = read_keys(KEYS_FILE).session

ALLOWED_HOSTS = os.environ.get("MENTORMOTHERS_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("MENTORMOTHERS_ORIGINS", "").split(",") if o]
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    "mentormothers.access",
    "mentormothers.sites",
    "mentormothers.people",
    "mentormothers.care",
    "mentormothers.linkage",
    "mentormothers.followup",
    "mentormothers.reports",
    "mentormothers.sync",
    "mentormothers.office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mentormothers.access.headers.SafeHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentormothers.access.scope.ScopeMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "mentormothers.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["mentormothers.office.context.office"]},
    }
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# The demo runs on the loopback address without TLS; everything else is behind it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not DEMO and os.environ.get("MENTORMOTHERS_TLS") != "off"
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked on this machine, without TLS, whether all is well
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "mentormothers.office.views.signing_in.locked_out"
AXES_SENSITIVE_PARAMETERS: list[str] = ["username", "password"]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# A protocol of the library, or a file.
PROTOCOL = os.environ.get("MENTORMOTHERS_PROTOCOL", "MW-2022")

PROCRASTINATE_IMPORT_PATHS = ["mentormothers.config.jobs"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

LANGUAGE_CODE = "en"
# On every client's card: neither a name nor what the card is for.
CARD_WORDS = os.environ.get("MENTORMOTHERS_CARD_WORDS", "Please bring this card each time.")
TIME_ZONE = os.environ.get("MENTORMOTHERS_TIME_ZONE", "Africa/Blantyre")
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST
SILENCED_SYSTEM_CHECKS: list[str] = []
PACKAGE_FOLDER = PACKAGE


def _connection(url: str, **options: Any) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# Set by the commands that start the server or migrate (config.running).
_APP_URL = os.environ.get("MENTORMOTHERS_APP_URL", "postgresql://nowhere/none")
_ADMIN_URL = os.environ.get("MENTORMOTHERS_ADMIN_URL", "")
DATABASES = {
    # For access.statements: what is asked so often is prepared.
    "default": _connection(_APP_URL, options="-c search_path=care,people,sync,linkage,public", prepare_threshold=3),
}
if _ADMIN_URL:
    DATABASES["owner"] = _connection(
        _ADMIN_URL, options="-c search_path=public,care,people,sync,linkage", assume_role=OWNER, connect_timeout=10
    )

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"plain": {"()": "mentormothers.access.headers.WithoutQueryStrings"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["plain"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"mentormothers": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
