"""Secrets in variables: written out for everybody, of a shape that the software refuses, or sent unverified."""

from __future__ import annotations

import base64
import binascii
import re

from provisioner.recipes import Recipe

_NAME = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASS|TOKEN|APIKEY|CREDENTIALS?|SALT|PRIVATEKEY)(?:$|_)"
    r"|(?:^|_)(?:API|SECRET|PRIVATE|ENCRYPTION|SIGNING|MASTER|ACCESS|CRON_API|JWT|SESSION|COOKIE|APP)_?KEY(?:$|_)"
    r"|SECRET_?KEY|PASSWORD$|(?:^|_)(?:PW|PWD)$|SERVICE_(?:ROLE_)?KEY$"
)
_ABOUT = re.compile(  # names that speak of a secret without being one
    r"(?:LENGTH|LIFETIME|EXPIR\w*|TTL|TIMEOUT|AGE|NAME|USER|USERNAME|FILE|PATH|URL|URI|HOST|PORT|ENABLED?|DISABLED?|"
    r"REQUIRED?|POLICY|TYPE|ALGORITHM|ID|PREFIX|HEADER|MIN|MAX|RESET|COOKIE|VERSION|ROTATION|INTERVAL|ARN|HINT|LIMIT|MANAGER|HASHER|MODEL|ISSUER|SCORE|AUDIENCE|COUNT)$"
    r"|^(?:ENABLE|DISABLE|USE|ALLOW|REQUIRE|NO)_|PUBLIC_?KEY|PUBLISHABLE|ANON_?KEY"
)
_KNOWN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|[sr]k_live_[A-Za-z0-9]{16,}|AKIA[0-9A-Z]{16}|rnd_[A-Za-z0-9]{20,}"
    r"|dop_v1_[0-9a-f]{40,}|xox[abp]-[\w-]{20,}|\d{8,10}:AA[\w-]{33}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|glpat-[\w-]{18,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_URL_PASSWORD = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]*:(?P<password>[^\s@/]+)@")
_PUBLIC = re.compile(r"^(?:(?:NEXT_|EXPO_|NUXT_)?PUBLIC|VITE|REACT_APP|GATSBY)_")  # shipped to every browser
_JWT = re.compile(r"eyJ[\w-]+\.(?P<claims>eyJ[\w-]+)\.[\w-]+")
_NOT_ONE = re.compile(  # settings, and a sentence that says what to put in its place
    r"(?i)true|false|yes|no|on|off|none|null|\d{1,9}(?:\.\d+)?[smhd]?|optional|required"
    r"|(?=.*(?:configure|change|replace|insert|fill|enter|put|your))[a-z]+(?:[ _-][a-z]+){3,}"
)
_REFERENCE = re.compile(r"\$|\{\{|<[^>]*>|^EV\[1:|%\(|\bfile:|^/[\w/.-]*$|^[A-Z][A-Z0-9_]+$")

_OFF = (
    (re.compile(r"(?i)\bssl_?mode=(?:disable|no-verify|allow)\b|\bPGSSLMODE=(?:disable|no-verify|allow)\b"), "sslmode"),
    (re.compile(r"(?i)[?&]ssl=(?:false|0|no-verify|no)\b"), "the URL's ssl parameter"),
    (re.compile(r"NODE_TLS_REJECT_UNAUTHORIZED=['\"]?0"), "NODE_TLS_REJECT_UNAUTHORIZED"),
    (re.compile(r"(?i)rejectUnauthorized['\"]?\s*[=:]\s*['\"]?false"), "rejectUnauthorized"),
    (
        re.compile(r"(?i)\b\w*(?:SSL|TLS)_(?:VERIFY|REJECT_UNAUTHORIZED)=['\"]?(?:false|0|no|none)\b"),
        "the variable",
    ),
    (re.compile(r"PYTHONHTTPSVERIFY=['\"]?0|GIT_SSL_NO_VERIFY=['\"]?(?:1|true)"), "the variable"),
)

# What well-known frameworks take for a key, by the variable's name: (fewest characters, 0 where none serves; words).
_FRAMEWORKS = {
    "APP_KEY": (0, "Laravel wants base64: and 32 bytes in base64 behind it"),
    "RAILS_MASTER_KEY": (0, "Rails wants the very key that encrypted its credentials"),
    "FERNET_KEY": (0, "Fernet wants 32 bytes in URL-safe base64, padding included"),
}
FEWEST_BITS, FEWEST_CHARACTERS, PHOENIX_CHARACTERS = 128, 32, 64


def clear_secret(name: str, value: str) -> bool:
    """Tell whether a manifest hands out a secret: everybody who deploys it then has the same one."""
    text = value.strip()
    if _PUBLIC.match(name.upper()):
        return "-----BEGIN" in text
    if _KNOWN.search(text):
        return True
    if token := _JWT.fullmatch(text):
        return _claims_more_than_anybody(token["claims"])
    if found := _URL_PASSWORD.search(text):
        return not _REFERENCE.search(found["password"])
    if not text or "://" in text or _NOT_ONE.fullmatch(text) or _REFERENCE.search(text):
        return False
    upper = name.upper()
    return _NAME.search(upper) is not None and _ABOUT.search(upper) is None


def _claims_more_than_anybody(claims: str) -> bool:
    """Tell whether a token is more than the one that every visitor's browser gets (``"role": "anon"``)."""
    try:
        decoded = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
    except (binascii.Error, ValueError):
        return True
    return re.search(rb'"role"\s*:\s*"anon"', decoded) is None


def verification_off(assignment: str) -> str:
    """Return what in ``NAME=value``, or in a command, turns TLS or its verification off; "" for nothing."""
    return next((what for form, what in _OFF if form.search(assignment)), "")


def misshapen(name: str, made: Recipe) -> str | None:
    """Say why a generated secret serves no software as the variable of this name; None where it does."""
    if re.search(r"(?:DATABASE|REDIS|POSTGRES|PG|DB)\w*_URL$", name):
        return "a URL is not something to make up"
    if re.search(r"SECRET_?KEY$", name) and (made.bits < FEWEST_BITS or made.length < FEWEST_CHARACTERS):
        return f"it has {made.length} characters and {made.bits} random bits; 32 and 128 are the least"
    return None


def framework(name: str, made: Recipe, runtime: str = "") -> str | None:
    """Say which framework would not take this secret as the variable of this name; None where all do.

    `runtime` is the service's language, where the manifest names it: Rails and Phoenix share a name.
    """
    if name == "SECRET_KEY_BASE" and runtime == "elixir" and made.length < PHOENIX_CHARACTERS:
        return f"Phoenix wants at least {PHOENIX_CHARACTERS} characters"
    fewest, words = _FRAMEWORKS.get(name.removeprefix("AIRFLOW__CORE__"), (1, ""))
    return words if not fewest or made.length < fewest else None
