"""All settings, read from the environment. Facts only: no branch on an environment's name."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import installed
from portal.beat import SCHEDULE
from portal.env import (
    SettingMissing,
    env_bool,
    env_city_urls,
    env_database,
    env_folder,
    env_int,
    env_list,
    env_path,
    env_str,
)
from portal.log_config import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# ---- the city and its two doors -------------------------------------------------------------------------------
CITY = env_str("CITY", "espoo")
# Folders that hold folders of facts, each named after its city, beside those of the catalogue.
CITY_FOLDERS = [Path(folder).expanduser().resolve() for folder in env_list("CITY_FOLDERS")]
RESIDENT_HOSTS = env_list("RESIDENT_HOSTS", "127.0.0.1")
STAFF_HOSTS = env_list("STAFF_HOSTS", "localhost")
ALLOWED_HOSTS = RESIDENT_HOSTS + STAFF_HOSTS
PUBLIC_URL = env_str("PUBLIC_URL", "http://127.0.0.1:8000")
STAFF_URL = env_str("STAFF_URL", "http://localhost:8000")
# Plain http is for loopback only: it drops Secure and the __Host- prefix, and nothing else.
PLAIN_HTTP = env_bool("PLAIN_HTTP", default=False)
if PLAIN_HTTP and any(urlsplit(url).hostname not in {"127.0.0.1", "localhost"} for url in (PUBLIC_URL, STAFF_URL)):
    raise SettingMissing("PLAIN_HTTP is for a demo on this machine only; PUBLIC_URL and STAFF_URL name others.")
DEMO_NOTICE = env_bool("DEMO_NOTICE", default=False)

SECRET_KEY = env_str("SECRET_KEY")
KEY_RING = env_str("KEY_RING", "")
KEY_RING_FILE = env_path("KEY_RING_FILE", BASE_DIR / ".demo" / "keys.json")
DEBUG = False
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS, MIDDLEWARE = installed.APPS, installed.MIDDLEWARE

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.page_frame",
            ],
        },
    },
]

# ---- PostgreSQL is the only truth; Redis may vanish -------------------------------------------------------------
DATABASES = {"default": env_database("DATABASE_URL")}
REDIS_URL = env_str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ---- sessions, cookies, headers ---------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = {
    "resident": env_int("RESIDENT_IDLE_SECONDS", 20 * 60),
    "staff": env_int("STAFF_IDLE_SECONDS", 10 * 60),
}
# Of a hundred openings of people by staff so many are drawn by lot, and looked into by the data protection officer.
REVIEWED_OPENINGS_PERCENT = env_int("REVIEWED_OPENINGS_PERCENT", 1)
SESSION_WARNING_SECONDS = env_int("SESSION_WARNING_SECONDS", 2 * 60)
SESSION_LONGEST_SECONDS = 8 * 60 * 60
# Before what cannot be taken back, or is done for another, one must have signed in so lately.
FRESH_SIGN_IN_SECONDS = env_int("FRESH_SIGN_IN_SECONDS", 5 * 60)
# What the back office says after an act stands in the session: no other cookie than those with a door's name.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_SAMESITE = not PLAIN_HTTP, "Lax"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SUOMIFI_ISSUER = env_str("SUOMIFI_ISSUER", "http://127.0.0.1:8001")
STAFF_ISSUER = env_str("STAFF_ISSUER", "http://127.0.0.1:8001/staff")
# Services of makers of watches are offered where the city has a client id and a secret there.
OURA_CLIENT_ID, OURA_CLIENT_SECRET = env_str("OURA_CLIENT_ID", ""), env_str("OURA_CLIENT_SECRET", "")
OURA_SITE = env_str("OURA_SITE", "https://cloud.ouraring.com")
OURA_API = env_str("OURA_API", "https://api.ouraring.com")
POLAR_CLIENT_ID, POLAR_CLIENT_SECRET = env_str("POLAR_CLIENT_ID", ""), env_str("POLAR_CLIENT_SECRET", "")
POLAR_SITE = env_str("POLAR_SITE", "https://flow.polar.com")
POLAR_TOKENS = env_str("POLAR_TOKENS", "https://polarremote.com")
POLAR_API = env_str("POLAR_API", "https://www.polaraccesslink.com")
_MAKERS = [site for site, client in ((OURA_SITE, OURA_CLIENT_ID), (POLAR_SITE, POLAR_CLIENT_ID)) if client]
# Whose packages are believed (docs/transfer-package.md); without the file, no other city's.
TRUSTED_CITIES_FILE = env_folder("TRUSTED_CITIES_FILE")
_ISSUERS = (SUOMIFI_ISSUER, STAFF_ISSUER, *_MAKERS, *env_city_urls("TRUSTED_CITIES_FILE"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form may be answered by a redirect to another service; browsers ask this list about it.
        "form-action": [SELF, *sorted({f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in _ISSUERS})],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/browser-reports/"],
        "report-to": ["own"],
    },
}
_NEVER_USED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb"),
)
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in _NEVER_USED}
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_refused"
DATA_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024, 31 * 1024 * 1024
# Files of a form are never put on a disk, and none of a larger body is kept; a clamd (host:port) that is set must pass.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
MALWARE_SCANNER = env_str("MALWARE_SCANNER", "")

# ---- log-in -------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "portal.people.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "portal.people.accounts.SocialAdapter"
MFA_ADAPTER = "portal.people.second_step.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = "MyData", 1  # A clock may be half a minute off: RFC 6238 §5.2.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_AUTO_SIGNUP = True
ACCOUNT_LOGOUT_ON_GET = SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_LOGIN_ON_GET = False
LOGIN_URL = "start"
LOGIN_REDIRECT_URL = "/home"
# How many proxies of ours stand before the portal: without it a whole city would seem to come from one address.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0)
# Attempts by one address; more are told to wait.
SIGN_INS_PER_MINUTE = env_int("SIGN_INS_PER_MINUTE", 100)
# Receipts that one address may have verified.
VERIFICATIONS_PER_MINUTE = env_int("VERIFICATIONS_PER_MINUTE", 30)
SUOMIFI_CLIENT_ID = env_str("SUOMIFI_CLIENT_ID", "mydata")
SUOMIFI_ACR = env_list("SUOMIFI_ACR", "http://ftn.ficora.fi/2017/loa2,http://ftn.ficora.fi/2017/loa3")
STAFF_CLIENT_ID, STAFF_ACR = env_str("STAFF_CLIENT_ID", "mydata-staff"), env_list("STAFF_ACR", "city-staff")
SOCIALACCOUNT_PROVIDERS = {
    "suomifi": {"APPS": [{"client_id": SUOMIFI_CLIENT_ID, "settings": {"issuer": SUOMIFI_ISSUER, "acr": SUOMIFI_ACR}}]},
    "citystaff": {"APPS": [{"client_id": STAFF_CLIENT_ID, "settings": {"issuer": STAFF_ISSUER, "acr": STAFF_ACR}}]},
}
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []

# ---- language, time, files -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "fi"
MODELTRANSLATION_FALLBACK_LANGUAGES: tuple[str, ...] = ()
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
STATIC_URL = "/static/"
STATIC_ROOT = env_path("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": env_str("STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")},
}
WHITENOISE_MAX_AGE = 300
WHITENOISE_USE_FINDERS = env_bool("STATIC_FROM_SOURCE", default=False)

# ---- work -----------------------------------------------------------------------------------------------------------
# Celery spells the unix socket of redis-py's `unix:///path?db=0` in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 3600
# In all three places, or kombu sweeps with the longest; four times the longest task.
_VISIBILITY = {"visibility_timeout": 4 * 3600, "unacked_restore_interval": 2}
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = _VISIBILITY
CELERY_VISIBILITY_TIMEOUT = 4 * 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE, CELERY_BEAT_SCHEDULE = TIME_ZONE, SCHEDULE

# ---- the log --------------------------------------------------------------------------------------------------------
# Its name is signed into every seal and never changes. Seals are copied out of the database: to a folder, an address.
LOG_ORIGIN = env_str("LOG_ORIGIN", f"{urlsplit(PUBLIC_URL).hostname}/log")
CHECKPOINT_FOLDER, CHECKPOINT_URL = env_folder("CHECKPOINT_FOLDER"), env_str("CHECKPOINT_URL", "")
# Others cosign them: pairs of a witness's key (`name+id+key`) and its address, with blanks between.
CHECKPOINT_WITNESSES = env_str("CHECKPOINT_WITNESSES", "")
ERASURE_FOLDER, LOG_READS_PER_MINUTE = env_folder("ERASURE_FOLDER"), env_int("LOG_READS_PER_MINUTE", 1200)

# ---- letters to residents -------------------------------------------------------------------------------------------
# A way that is not set up is not offered: e-mail needs LETTERS_FROM, Suomi.fi Messages needs MESSAGES_URL.
LETTERS_FROM = DEFAULT_FROM_EMAIL = env_str("LETTERS_FROM", "")
EMAIL_BACKEND = env_str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = env_str("EMAIL_FILE_PATH", "") or None
EMAIL_HOST, EMAIL_PORT = env_str("EMAIL_HOST", "localhost"), env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_USER", ""), env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_TIMEOUT = env_bool("EMAIL_USE_TLS", default=True), env_int("EMAIL_TIMEOUT_SECONDS", 20)
MESSAGES_URL, MESSAGES_SERVICE_ID = env_str("MESSAGES_URL", ""), env_str("MESSAGES_SERVICE_ID", "")
MESSAGES_USERNAME, MESSAGES_PASSWORD = env_str("MESSAGES_USERNAME", ""), env_str("MESSAGES_PASSWORD", "")

# ---- department systems ---------------------------------------------------------------------------------------------
# Networks (CIDR) that connectors may reach beside the world: a city's own. Without any, nothing inward is read.
SOURCES_MAY_POINT_INWARD = env_list("SOURCES_MAY_POINT_INWARD")
# What tells who may act for whom (docs/acting-for-others.md); when it is not set, everyone acts for themselves only.
POPULATION_URL, POPULATION_TOKEN = env_str("POPULATION_URL", ""), env_str("POPULATION_TOKEN", "")
# Where the city's case register hears of requests by their numbers (docs/requests.md); without an address it does not.
CASE_REGISTER_URL, CASE_REGISTER_SECRET = env_str("CASE_REGISTER_URL", ""), env_str("CASE_REGISTER_SECRET", "")
# Below it lie the drop folders of this machine; none is read when it is not set.
SOURCES_DROP_FOLDERS = env_folder("SOURCES_DROP_FOLDERS")
# Where files of watches lie sealed until they are read, reached by web and workers; none is taken when it is not set.
WATCH_SPOOL = env_folder("WATCH_SPOOL")

# The rulebook that cities share: a folder for each version.
RULEBOOKS = BASE_DIR / "docs" / "rulebook"

# ---- API ------------------------------------------------------------------------------------------------------------
# Calls by a client that has no limit of its own, and tokens asked for by one address in a minute.
API_CALLS_PER_SECOND = env_int("API_CALLS_PER_SECOND", 100)
# A body must be here after so long, and a second more for each 256 KiB; of a push 64 KiB at a time, and its end.
BODY_PATIENCE_SECONDS = env_int("BODY_PATIENCE_SECONDS", 5)
PUSH_PATIENCE_SECONDS = env_int("PUSH_PATIENCE_SECONDS", 30)
TOKENS_PER_MINUTE = env_int("TOKENS_PER_MINUTE", 300)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.rest.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.rest.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.rest.throttling.ClientThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["portal.rest.bodies.Json"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.rest.bodies.OnlyJson",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.rest.problems.problem_handler",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "MyData portal: API for department systems",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["portal.rest.schema.complete"],
}

LOGGING = logging_config(level=env_str("LOG_LEVEL", "INFO"))
