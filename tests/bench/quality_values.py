"""Secrets whose field alone says what they are: values a generator drew, and passwords somebody thought of."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from functools import partial

from tests.bench.quality_draw import characters, draw, uuid
from tests.bench.quality_vendors import CHOSEN, GENERATED, Kind

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DJANGO = _LOWER + "0123456789!@#$%^&*(-_=+)"
_PUNCTUATED = _LOWER + _LOWER.upper() + "0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~"
_ADJECTIVES = "rusty silent golden frozen velvet crooked humble sunny brave narrow distant wooden".split()
_NOUNS = "otter lantern harbour teapot meadow falcon bicycle walnut thunder pebble orchard cactus".split()
_PLACES = "lisbon bergen krakow oaxaca perth ghent malmo turin sapporo leipzig cardiff tartu".split()
_NAMES = "katja rasmus imelda tomasz noor yannick priya fergus lucia wiebke".split()
_LEET = str.maketrans("aeiost", "431057")


def _of(name: str, fields: str, shape: str) -> Kind:
    return Kind(name, GENERATED, tuple(fields.split()), partial(draw, shape=shape))


def _made(tier: str, name: str, fields: str, make: Callable[[random.Random], str]) -> Kind:
    return Kind(name, tier, tuple(fields.split()), make)


def _base64(size: int, prefix: str, rng: random.Random) -> str:
    return prefix + base64.b64encode(rng.randbytes(size)).decode()


def _drawn(alphabet: str, size: int, rng: random.Random) -> str:
    return characters(rng, alphabet, size)


def _manager(rng: random.Random) -> str:
    """As a password manager makes them: no character that needs an escape in most languages."""
    return characters(rng, _LOWER + _LOWER.upper() + "0123456789!#%*+-.@^_~", rng.randint(14, 24))


_KEY = "api_key api_secret client_secret secret_key access_token auth_token signing_key webhook_secret app_secret session_secret private_token service_key"

RANDOM = (
    _of("hex-32", _KEY, "<hex:32>"),
    _of("hex-40", _KEY, "<hex:40>"),
    _of("hex-64", "encryption_key master_key jwt_secret hmac_key secret_key", "<hex:64>"),
    _of("base62-24", _KEY, "<base62:24>"),
    _of("base62-40", _KEY, "<base62:40>"),
    _of("base62-16", "api_key auth_key access_key admin_token", "<base62:16>"),
    _of("url64-43", _KEY, "<url64:43>"),
    _of("upper-20", "api_key license_key merchant_key", "<upper36:20>"),
    _of("lower36-32", _KEY, "<lower36:32>"),
    _of("base32-totp", "totp_secret otp_secret mfa_secret", "<base32:32>"),
    _of("dotted-api-key", "api_key access_token", "<base62:12>.<base62:28>"),
    _of("prefixed-unknown-vendor", "api_key secret_key access_token", "acme_prod_<base62:28>"),
    _made(GENERATED, "uuid", "api_key access_token client_secret auth_token secret_key", uuid),
    _made(GENERATED, "base64-32", "encryption_key cookie_secret jwt_secret signing_key", partial(_base64, 32, "")),
    _made(GENERATED, "base64-64", "shared_secret jwt_secret account_key", partial(_base64, 64, "")),
    _made(GENERATED, "laravel-key", "app_key", partial(_base64, 32, "base64:")),
    _made(GENERATED, "django-key", "secret_key", partial(_drawn, _DJANGO, 50)),
    _of("rails-key", "secret_key_base", "<hex:128>"),
    _of("aws-secret-key", "aws_secret_access_key secret_access_key aws_secret_key", "<base64:40>"),
    _of("twilio-token", "twilio_auth_token", "<hex:32>"),
    _of("mistral-key", "mistral_api_key", "<base62:32>"),
    _of("cohere-key", "cohere_api_key co_api_key", "<base62:40>"),
    _of("cloudflare-token", "cloudflare_api_token cf_api_token", "<url64:40>"),
    _of("hetzner-token", "hcloud_token", "<base62:64>"),
    _of("datadog-key", "datadog_api_key dd_api_key", "<hex:32>"),
    _of("algolia-key", "algolia_admin_api_key", "<hex:32>"),
    _of("azure-openai-key", "azure_openai_api_key", "<base62:84>"),
    _of("heroku-old", "heroku_api_key", "<hex:8>-<hex:4>-4<hex:3>-9<hex:3>-<hex:12>"),
    _of("paypal-secret", "paypal_client_secret", "E<url64:79>"),
    _of("firebase-server-key", "fcm_server_key", "AAAA<url64:7>:APA91b<url64:134>"),
    _of("spotify-secret", "spotify_client_secret", "<hex:32>"),
    _of("wallet-key", "wallet_private_key eth_private_key", "0x<hex:64>"),
    _made(GENERATED, "password-manager", "password db_password smtp_pass admin_password", _manager),
    _of("password-base62", "password db_password mysql_root_password redis_password", "<base62:16>"),
    _of("password-hex", "password postgres_password", "<hex:24>"),
    _of("password-short", "password db_pass", "<base62:10>"),
    _made(GENERATED, "password-punctuated", "password admin_password db_password", partial(_drawn, _PUNCTUATED, 18)),
)  # fmt: skip
"""Generated values without a form of their own."""


def _season(rng: random.Random) -> str:
    return f"{rng.choice(_PLACES).title()}{rng.randint(1996, 2026)}{rng.choice('!#$*?')}"


def _compound(rng: random.Random) -> str:
    return rng.choice(_ADJECTIVES) + rng.choice(_NOUNS)


def _numbered(rng: random.Random) -> str:
    return f"{_compound(rng)}{rng.randint(2, 999)}"


def _leet(rng: random.Random) -> str:
    return f"{rng.choice(_ADJECTIVES)}_{rng.choice(_NOUNS)}".translate(_LEET)


def _person(rng: random.Random) -> str:
    return f"{rng.choice(_NAMES).title()}{rng.randint(10, 31)}{rng.randint(10, 12)}{rng.randint(60, 99)}"


def _diceware(rng: random.Random) -> str:
    return "-".join((rng.choice(_ADJECTIVES), rng.choice(_NOUNS), rng.choice(_PLACES), str(rng.randint(10, 99))))


def _capitals(rng: random.Random) -> str:
    return f"{_compound(rng)}{rng.randint(10, 99)}".upper()


def _marks_inside(rng: random.Random) -> str:
    """With characters that are quotes, comments, separators or escapes in one language or another."""
    noun, place = rng.choice(_NOUNS), rng.choice(_PLACES)
    mark = rng.choice(
        ("#", ";", ",", "&", "=", ":", "@", "'", '"', "\\", "<", ">", "(", ")", "%", "$", "|", "`", "+", "/")
    )
    return f"{noun.title()}{mark}{place}{rng.randint(2, 99)}{rng.choice('!?*')}"


_NAMES_OF_PASSWORDS = "password db_password smtp_password admin_password passwd user_pwd redis_password passphrase"

PASSWORDS = (
    _made(CHOSEN, "place-and-year", _NAMES_OF_PASSWORDS, _season),
    _made(CHOSEN, "two-words", _NAMES_OF_PASSWORDS, _compound),
    _made(CHOSEN, "two-words-number", _NAMES_OF_PASSWORDS, _numbered),
    _made(CHOSEN, "leet", _NAMES_OF_PASSWORDS, _leet),
    _made(CHOSEN, "name-and-birthday", _NAMES_OF_PASSWORDS, _person),
    _made(CHOSEN, "diceware", _NAMES_OF_PASSWORDS, _diceware),
    _made(CHOSEN, "capitals", _NAMES_OF_PASSWORDS, _capitals),
    _made(CHOSEN, "marks-inside", _NAMES_OF_PASSWORDS, _marks_inside),
    _made(CHOSEN, "marks-inside-2", _NAMES_OF_PASSWORDS, _marks_inside),
    _made(CHOSEN, "chosen-secret", "jwt_secret session_secret cookie_secret secret_key", _diceware),
    _made(CHOSEN, "german-field", "passwort datenbank_passwort kennwort", _numbered),
    _made(CHOSEN, "romance-field", "mot_de_passe contrasena senha", _numbered),
)
"""Passwords of people."""
