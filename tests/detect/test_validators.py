from __future__ import annotations

import base64
import random
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.randomness import randomness
from tightlip.detect.sample import ALPHABETS, draw, fill
from tightlip.detect.validators import parse_validator

CHECKS = [
    "gitlab-routable",
    "grafana-crc32",
    "bech32",
    "basic-credentials",
    "discord-id",
    "crc32-base62",
    "jwt",
    "not-placeholder",
    "base58check",
    "ripple-base58check",
    "strkey",
    "matrix-crc32",
    "bitlocker",
]


@pytest.mark.parametrize(
    ("check", "template"),
    [
        ("gitlab-routable", "{gitlab-routable:glpat-}"),
        ("grafana-crc32", "{grafana-crc32:glsa_}"),
        ("bech32", "{bech32:AGE-SECRET-KEY-}"),
        ("crc32-base62", "ghp_{crc32-base62:30}"),
        ("basic-credentials", "{basic}"),
        ("discord-id", "{discord-id}.abcdef.{base62:38}"),
        ("jwt", "{jwt}"),
    ],
)
def test_a_token_made_as_its_vendor_makes_it_passes_its_check(check: str, template: str) -> None:
    assert parse_validator(check)(fill(template))


@pytest.mark.parametrize(
    ("check", "template"),
    [
        ("gitlab-routable", "{gitlab-routable:glpat-}"),
        ("grafana-crc32", "{grafana-crc32:glsa_}"),
        ("bech32", "{bech32:AGE-SECRET-KEY-}"),
        ("crc32-base62", "ghp_{crc32-base62:30}"),
    ],
)
def test_one_changed_character_fails_a_checksum(check: str, template: str) -> None:
    token = fill(template)
    wrong = [
        token[:at] + ("Q" if token[at] != "Q" else "Z") + token[at + 1 :] for at in range(len(token) - 20, len(token))
    ]
    assert not any(parse_validator(check)(text) for text in wrong)


@pytest.mark.parametrize("check", [*CHECKS, "random>=2", "entropy>=3"])
@given(value=st.text())
def test_no_value_makes_a_check_raise(check: str, value: str) -> None:
    assert parse_validator(check)(value) in (True, False)


@pytest.mark.parametrize(
    ("check", "public"),
    [
        # the first address of Bitcoin, of the XRP ledger, and an account of SEP-0023's test vectors
        ("base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("ripple-base58check", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"),
        ("strkey", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"),
    ],
)
def test_a_checksum_holds_for_what_is_published_and_for_nothing_near_it(check: str, public: str) -> None:
    holds = parse_validator(check)
    assert holds(public)
    assert not any(
        holds(public[:at] + ("Z" if public[at] != "Z" else "Y") + public[at + 1 :]) for at in range(len(public))
    )
    assert not holds(public[:-1])
    assert not holds("")


def test_a_matrix_token_ends_with_the_checksum_of_the_rest() -> None:
    number, digits = zlib.crc32(b"syt_b2xl_" + b"AbCdEfGhIjKlMnOpQrSt"), ""
    while number:
        number, rest = divmod(number, 62)
        digits = ALPHABETS["base62"][rest] + digits
    token = "syt_b2xl_" + "AbCdEfGhIjKlMnOpQrSt_" + digits.rjust(6, "0")
    assert parse_validator("matrix-crc32")(token)
    assert not parse_validator("matrix-crc32")(token.replace("A", "B"))


def test_the_groups_of_a_recovery_key_are_multiples_of_eleven() -> None:
    groups = [f"{number * 11:06}" for number in (1, 65535, 4711, 815, 31415, 27182, 16180, 0)]
    assert parse_validator("bitlocker")("-".join(groups))
    assert not parse_validator("bitlocker")("-".join([*groups[:-1], "000001"]))
    assert not parse_validator("bitlocker")("-".join([*groups[:-1], f"{65536 * 11}"]))


def test_bech32_knows_the_test_vectors_of_bip_173() -> None:
    check = parse_validator("bech32")
    for text in ("A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl"):
        assert check(text)
    for text in (
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "a12UEL5L",
        "x1b4n0q5v",
        "li1dgmt3",
        "de1lg7wt\u00ff",
        "pzry9x0s0muk",
    ):
        assert not check(text)


@pytest.mark.parametrize("text", ["user:", ":", "no colon in it", "us\x00er:pass"])
def test_basic_credentials_need_a_user_a_colon_and_a_printable_password(text: str) -> None:
    assert not parse_validator("basic-credentials")(base64.b64encode(text.encode()).decode())


@pytest.mark.parametrize("alphabet", ["hex", "base62", "base64url", "lower36", "base32"])
@pytest.mark.parametrize("size", [16, 24, 40, 64])
def test_generated_values_look_generated(alphabet: str, size: int) -> None:
    rng = random.Random(f"{alphabet} {size}")
    values = [draw(rng, ALPHABETS[alphabet], size) for _ in range(400)]
    assert sum(randomness(value) >= 2 for value in values) >= 380


def test_words_names_and_paths_do_not_look_generated() -> None:
    for text in (
        "authentication", "client_secret_credentials", "getAccessTokenFromRequest", "projects/acme/locations/europe/keys",
        "continuation-token-of-the-next-page", "com.example.security.TokenProvider", "correct-horse-battery-staple", "HTTP_AUTHORIZATION",
        "https://login.example.com/oauth2/token", "application/x-www-form-urlencoded", "donaudampfschifffahrt", "contrasena",
    ):  # fmt: skip
        assert randomness(text) < 0, text


def test_names_of_the_standard_library_rarely_look_generated() -> None:
    names = {name for name in _names() if len(name) >= 10}
    assert sum(randomness(name) >= 2 for name in names) < len(names) / 100


def _names() -> list[str]:
    import ast
    import importlib.util
    from pathlib import Path

    names: list[str] = []
    for module in (
        "argparse",
        "asyncio.base_events",
        "email.message",
        "http.client",
        "ssl",
        "subprocess",
        "tarfile",
        "typing",
        "zipfile",
    ):
        spec = importlib.util.find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names += [
                value
                for name, value in ast.iter_fields(node)
                if name in ("name", "id", "attr", "arg") and isinstance(value, str)
            ]
    return names


@given(value=st.text(alphabet=string.ascii_letters + string.digits, min_size=1))
def test_evidence_of_randomness_adds_up(value: str) -> None:
    middle = len(value) // 2
    parts = randomness(value[: middle + 1]) + randomness(value[middle:])
    assert randomness(value) == pytest.approx(parts)


@pytest.mark.parametrize("value", ["password", "changeme", "your-password", "xxxxxxxx", "********", "secret"])
def test_a_word_of_documentation_is_no_chosen_value(value: str) -> None:
    assert not parse_validator("not-placeholder")(value)


@pytest.mark.parametrize("value", ["sunshine99", "oSUeo3aDB691Ef6qJuNEsM/LC9G=", "q7TbDm2xV9kPz4"])
def test_a_chosen_or_generated_value_is_no_placeholder_even_if_a_word_is_in_it(value: str) -> None:
    assert parse_validator("not-placeholder")(value)


def test_a_run_of_base64_is_what_a_sentence_has_not() -> None:
    assert parse_validator("run>=16")(fill("key {base64:16}"))
    assert not parse_validator("run>=16")("+ [data[i : i + 64] for i in range(0, len(data), 64)]")
    assert not parse_validator("run>=16")("")


@pytest.mark.parametrize("spec", ["unknown", "entropy", "luhn>=2", "Entropy>=3", "entropy>=", "stdnum-../x"])
def test_an_unknown_check_is_told_in_a_sentence(spec: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_validator(spec)
