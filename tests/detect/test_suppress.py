from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect import suppress
from tightlip.detect.sample import ALPHABETS, fill
from tightlip.detect.suppress import inline_allows, is_call, is_placeholder, is_plain, is_reference
from tightlip.syntax.lines import LineIndex


@pytest.mark.parametrize(
    "value",
    [
        "${TOKEN}", "$TOKEN", "${TOKEN:-none}", "$(pass show x)", "{{ token }}", "{{token}}", "{% token %}", "<%= token %>", "#{token}",
        "%TOKEN%", "%(token)s", "%s", "{token}", "{0}", "{}", "<your-key>", "<token>", "[token]", "[token]]", "@TOKEN@", "__TOKEN__",
        "os.environ['TOKEN']", "process.env.TOKEN", "ENV['TOKEN']", "System.getenv(\"TOKEN\")", "secrets.TOKEN", "var.token",
        "op://vault/item/field", "vault://secret/data/x", "!Ref Token", "!Sub '${Token}'", "ENC[AES256,data]",
        "arn:aws:secretsmanager:eu-west-1:1:secret:x", "TL_GITHUB_TOKEN_7F3K2Q", "Bearer ${TOKEN}", "user:{{ password }}",
    ],
)  # fmt: skip
def test_a_reference_is_not_a_value(value: str) -> None:
    assert is_reference(value)


@pytest.mark.parametrize(
    "value", ["pa$$word9", "a{b}c9", "50%off!9", "<3 you 9", "x@y", "TL_not", "#1secret", "env", "secrets"]
)
def test_a_value_with_such_characters_is_still_a_value(value: str) -> None:
    assert not is_reference(value)


@pytest.mark.parametrize("value", ["get_secret('x')", "settings[KEY]", "Foo.bar(", "secrets.token_hex(16)"])
def test_a_call_is_not_a_bare_value(value: str) -> None:
    assert is_call(value)


@pytest.mark.parametrize(
    "value",
    [
        "changeme", "change-me", "CHANGE_ME_NOW", "your-api-key", "YOUR_TOKEN_HERE", "my-secret-token", "insert_key_here", "placeholder",
        "xxxxxxxx", "XXXX-XXXX", "********", "........", "aaaaaaaaaa", "<redacted>", "dummy", "fake-token", "password", "secret", "test",
        "p", "1234567890", "abcdefghijkl", "qwertyuiop", "0123456789abcdef", "not-a-real-secret", "todo", "TBD", "enter your password",
        "a%20secret", "tiger", "auth-password", "anonymous", "12345", "randompassword",
    ],
)  # fmt: skip
def test_a_word_of_documentation_is_a_placeholder(value: str) -> None:
    assert is_placeholder(value, structural=False)


@pytest.mark.parametrize(
    "value",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "ghp_" + "0123456789" * 3 + "012345",
        "key-" + "*" * 20,
        "xo" + "xp-1234-5678-90123",
    ],
)
def test_a_vendors_format_is_a_placeholder_only_when_it_says_so(value: str) -> None:
    assert is_placeholder(value, structural=True)


@given(st.text(ALPHABETS["base62"], min_size=24, max_size=60), st.booleans())
def test_a_random_value_is_no_placeholder(value: str, structural: bool) -> None:
    # a random draw: Hypothesis' own favourites (repeated characters) are what the rule is for
    text = fill(f"{{base62:{len(value)}}} {value}").split(" ")[0]
    assert not is_placeholder(text, structural=structural)


@given(st.text(max_size=80))
def test_no_text_breaks_the_rules_of_suppression(value: str) -> None:
    is_reference(value)
    is_call(value)
    is_placeholder(value, structural=True)
    is_placeholder(value, structural=False)


@pytest.mark.parametrize(
    ("comment", "rules", "reason", "next_line"),
    [
        ("x = 1  # tightlip: allow[a-b] because", {"a-b"}, "because", False),
        ("x = 1  // tightlip: allow[a, B] because", {"a", "b"}, "because", False),
        ("# tightlip: allow[a] - because", {"a"}, "because", True),
        ("<!-- tightlip: allow[a] because -->", {"a"}, "because", True),
        ("/* tightlip: allow because */", set(), "because", True),
        ("-- tightlip: allow", set(), "allowed in the source", True),
        ("x = 1  # pragma: whitelist secret", set(), "pragma: whitelist secret", False),
        ("# pragma: allowlist nextline secret", set(), "pragma: allowlist nextline secret", True),
        ("x = 1 // GITLEAKS:ALLOW", set(), "gitleaks:allow", False),
    ],
)
def test_what_an_allow_comment_says(comment: str, rules: set[str], reason: str, next_line: bool) -> None:
    lower = comment.lower()
    end = next(lower.index(word) + len(word) for word in ("allow", "whitelist", "ignore") if word in lower)
    (allow,) = inline_allows(comment, [end], LineIndex(comment))
    assert (set(allow.rules), allow.reason, allow.next_line) == (rules, reason, next_line)


PARTS = (
    *"${}()[]<>%#@!_-+.:/ ',a7\u00e9", "os.environ", "env", "args", "self", "op", "arn:aws", "TL_", "A_ABCDEF12", "secrets", "values",
    "ENC", "Ref", "x",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_what_is_plain_is_neither_reference_nor_call(value: str) -> None:
    if is_plain(value):
        assert suppress._REFERENCE.fullmatch(value) is None
        assert suppress._TOKEN.fullmatch(value) is None
        assert suppress._TEMPLATE_INSIDE.search(value) is None
        assert not is_call(value)


@pytest.mark.parametrize(
    "value", ["Anna", "O'Brien", "anna@firma-nord.de", "+49 30 123456", "Lange Reihe 5", "1990-02-03", "李四"]
)
def test_most_values_are_plain(value: str) -> None:
    assert is_plain(value)
