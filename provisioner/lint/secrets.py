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
    r"REQUIRED?|POLICY|TYPE|ALGORITHM|ID|PREFIX|HEADER|MIN|MAX|RESET|COOKIE|VERSION|ROTATION|INTERVAL|ARN|HINT|LIMIT|MANAGER|HASHER|MODEL|ISSUER|SCORE|AUDIENCE|COUNT|"
    r"LOCATION|STRATEGY|HASHING|SCHEME|BACKEND|STORE|PROVIDER|VALIDATORS?|SCOPES?|METHOD|VALIDITY|DURATION|ALIAS|MODE|"
    r"FORMAT|KIND|FIELD|GRANT|LOGIN|LOOKUP|THROUGH)$"
    r"|^(?:ENABLE|DISABLE|USE|ALLOW|REQUIRE|NO)_|PUBLIC_?KEY|PUBLISHABLE|ANON_?KEY"
)
_KNOWN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|[sr]k_live_[A-Za-z0-9]{16,}|AKIA[0-9A-Z]{16}|rnd_[A-Za-z0-9]{20,}"
    r"|dop_v1_[0-9a-f]{40,}|dckr_pat_[\w-]{20,}|npm_[A-Za-z0-9]{30,}|sk-(?:proj|ant)-[\w-]{20,}|hf_[A-Za-z0-9]{30,}"
    r"|xox[abp]-[\w-]{20,}|\d{8,10}:AA[\w-]{33}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|glpat-[\w-]{18,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_URL_PASSWORD = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]*:(?P<password>[^\s@/]+)@")
_PUBLIC = re.compile(r"^(?:(?:NEXT_|EXPO_|NUXT_)?PUBLIC|VITE|REACT_APP|GATSBY)_")  # shipped to every browser
_JWT = re.compile(r"eyJ[\w-]+\.(?P<claims>eyJ[\w-]+)\.[\w-]+")
_PASSWORD = re.compile(r"(?:PASSWORD|PASSWD|PASS|PWD)$")
_DIGITS = re.compile(r"\d{2,}")  # one digit is a switch
_NOT_ONE = re.compile(  # settings, a placeholder, and a sentence that says what to put in its place
    r"(?i)true|false|yes|no|on|off|none|null|\d{1,9}(?:\.\d+)?[smhd]?|optional|required|[*.x_-]{2,}|n/a"
    r"|(?=.*(?:configure|change|replace|insert|fill|enter|put|your))[a-z]+(?:[ _-][a-z]+){3,}"
)
# A dollar sign alone is none: frameworks make keys with it. What looks no further than "<" or "{" stays linear.
_REFERENCE = re.compile(
    r"\$(?:\{[^{}]*\}|\([A-Z_][A-Z0-9_]*\)|[A-Z_][A-Z0-9_]{2,}(?!\w)|\$cap_\w)|^\$\w+$|\{\{|<[^<>]*>|^EV\[1:|%\(\w+\)s"
    r"|^%s$|^\{\w*\}$|\bfile:|^/[\w/.-]*$|^[A-Z]+(?:_[A-Z0-9]+)*$"
)
_GIVEN = re.compile(  # a variable or an option of a command line, with its value
    r"(?:(?:^|(?<=[\s;&|(\"']))(?P<name>[A-Za-z_][A-Za-z0-9_]*)=|(?P<option>--requirepass)[ =])"
    r"(?P<value>\"[^\"]*\"|'[^']*'|[^\s;&|)\"']+)"
)
_THROWN_AWAY = re.compile(r"(?i)(?:dummy|placeholder|unused|fake|build)\S*")  # what one command needs to run at all
_EXPANDED = re.compile(r"\$[\w({$]|`")  # by the shell, whatever the variable is called

_OFF = (
    (re.compile(r"(?i)(?<![a-z0-9])(?:pg)?ssl[-_]?mode=['\"]?(?:disabled?|no-verify|allow)\b"), "sslmode"),
    (re.compile(r"(?i)[?&]ssl=(?:false|0|no-verify|no)\b"), "the URL's ssl parameter"),
    (
        re.compile(
            r"(?i)\bssl_cert_reqs=(?:cert_)?none\b|\bsslaccept=accept_invalid_certs\b|\btlsAllowInvalid\w{1,20}=true\b"
            r"|\bTrustServerCertificate=true\b|\buseSSL=false\b"
        ),
        "the URL",
    ),
    (re.compile(r"NODE_TLS_REJECT_UNAUTHORIZED=['\"]?0"), "NODE_TLS_REJECT_UNAUTHORIZED"),
    (re.compile(r"(?i)rejectUnauthorized['\"]?\s{0,9}[=:]\s{0,9}['\"]?false"), "rejectUnauthorized"),
    (
        re.compile(
            r"(?i)(?<![a-z0-9])(?:(?:SSL|TLS)_(?:VERIFY|VERIFY_MODE|REJECT_UNAUTHORIZED)|VERIFY_(?:SSL|TLS)|STRICT_SSL"
            r"|REJECT_UNAUTHORIZED|OPENSSL_VERIFY_MODE)=['\"]?(?:false|0|no|none)\b"
            r"|(?<![a-z0-9])(?:SKIP_(?:TLS|SSL)_VERIFY|(?:TLS|SSL)_SKIP_VERIFY|INSECURE_SKIP_VERIFY)=['\"]?(?:true|1|yes)\b"
        ),
        "the variable",
    ),
    (re.compile(r"PYTHONHTTPSVERIFY=['\"]?0|GIT_SSL_NO_VERIFY=['\"]?(?:1|true)"), "the variable"),
    (
        re.compile(
            r"\bcurl\s(?:[^;&|]{0,200}\s)?(?:-[a-zA-Z]{0,9}k[a-zA-Z]{0,9}|--insecure)(?![\w-])"
            r"|\bwget\s[^;&|]{0,200}--no-check-certificate\b|\bhttp\.sslVerify[ =]false|\bstrict-ssl[ =]false"
        ),
        "the command",
    ),
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
    if (known := known_secret(name, text)) is not None:
        return known
    if not text or "://" in text or _REFERENCE.search(text):
        return False
    upper = name.upper()
    if _NOT_ONE.fullmatch(text) and not (_PASSWORD.search(upper) and _DIGITS.fullmatch(text)):
        return False
    return _NAME.search(upper) is not None and _ABOUT.search(upper) is None


def known_secret(name: str, value: str, *, in_shell: bool = False) -> bool | None:
    """Tell by its form alone whether a text is a secret, or a URL with one, whatever it is the value of.

    None where the form says nothing; `name` matters only where it says that every visitor gets the value. Where
    `in_shell` tells that the text may be a command, any ``$name`` is a reference.
    """
    if _PUBLIC.match(name.upper()):
        return "-----BEGIN" in value
    if known_token(value):
        return True
    if token := _JWT.fullmatch(value):
        return _claims_more_than_anybody(token["claims"])
    passwords = [found["password"] for found in _URL_PASSWORD.finditer(value)]
    given = [each for each in passwords if not _REFERENCE.search(each) and not (in_shell and _EXPANDED.search(each))]
    return bool(given) if passwords else None


def known_token(text: str) -> bool:
    """Tell whether a token of a known maker, or a private key, stands anywhere in a text."""
    return _KNOWN.search(text) is not None


def secrets_in(command: str) -> list[str]:
    """Return the names of the variables and options that a command line gives a secret to."""
    found = []
    for given in _GIVEN.finditer(command):
        name, value = given["name"] or "PASSWORD", given["value"].strip("\"'")
        if not _EXPANDED.search(value) and not _THROWN_AWAY.fullmatch(value) and clear_secret(name, value):
            found.append(given["name"] or given["option"])
    return found


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
