"""Django's settings: a reading of the plan, and of nothing else of the environment. No secret sits here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mathesar import current
from mathesar.boot import store

PACKAGE = Path(__file__).parent
PLAN = current.get_plan()
ON_PLATFORM = PLAN.profile == "paas"
BEHIND_TLS = PLAN.trust_forwarded_proto

DEBUG = PLAN.debug and not ON_PLATFORM
SECRET_KEY = current.derived_key("django").hex()
SECRET_KEY_FALLBACKS = [key.hex() for key in current.derived_fallbacks("django")]

ALLOWED_HOSTS = list(PLAN.hosts)
CSRF_TRUSTED_ORIGINS = list(PLAN.origins)
USE_X_FORWARDED_HOST = False
# The header may be believed only where the platform's router overwrites what a visitor sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Platforms hand out sub-domains of a domain that they share among customers: no includeSubDomains, no
# preload.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# A `__Host-` name makes the browser insist on Secure, path / and no domain; it needs HTTPS.
COOKIE_PREFIX = "__Host-mathesar_" if BEHIND_TLS else "mathesar_"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "mathesar.accounts",
    "mathesar.connections",
    "mathesar.setup",
]
MIDDLEWARE = [
    "mathesar.health.middleware.HealthMiddleware",  # before host validation and redirects
    "django.middleware.security.SecurityMiddleware",
    "mathesar.security.ContentSecurityMiddleware",
    "mathesar.static_files.StaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mathesar.setup.middleware.SetupMiddleware",  # answers before the views' own checks, as of CSRF and sign-in
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "mathesar.urls"
WSGI_APPLICATION = "mathesar.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]


def internal_database() -> dict[str, Any]:
    """Return Django's words for the internal database; the backend adds the password when it connects."""
    if PLAN.internal is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": current.data_dir() / store.SQLITE,
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    url = PLAN.internal.url
    return {
        "ENGINE": "mathesar.database",
        "NAME": url.dbname,
        "HOST": url.host,
        "PORT": url.port,
        "USER": url.user,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler loses them
        "OPTIONS": {
            # Short-lived enough that a rotated password is picked up and old ones age out. The pool's own back-off
            # doubles for minutes, and blocks every request meanwhile: it gives up early, and the next one tries anew.
            "pool": {
                "min_size": 0,
                "max_size": PLAN.pool_size,
                "timeout": 5,
                "max_lifetime": 300,
                "reconnect_timeout": 2,
            },
        },
    }


DATABASES = {"default": internal_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "databases"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 1

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "staticfiles"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {"staticfiles": {"BACKEND": "mathesar.static_files.StaticStorage"}}
WHITENOISE_USE_FINDERS = True  # by plain name, what was not collected: all in a clone, a dependency's beside a wheel
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "plain"}},
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "mathesar": {"level": "INFO"},
        "django": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners would fill the log
        "psycopg.pool": {"level": "ERROR"},
    },
}
LOGGING_CONFIG = "logging.config.dictConfig"
