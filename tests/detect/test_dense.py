"""A text full of candidates of one rule has the findings it has when each candidate is looked at by itself."""

from __future__ import annotations

import random
import string

import pytest

from tightlip.detect import dense
from tightlip.detect.dense import Dense
from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

RULES = builtin_ruleset()
RNG = random.Random(7)


def word(size: int) -> str:
    return "".join(RNG.choice(string.ascii_lowercase) for _ in range(size))


PARTS = {
    "halves of addresses": lambda: f"{word(2)}@",
    "addresses": lambda: RNG.choice((f"{word(3)}@{word(4)}.d ", fill("{email} "), "\\n" + fill("{email}") + "\\n")),
    "numbers": lambda: RNG.choice((f"{RNG.randrange(300)}.", fill(" {ip} "), f"{RNG.randrange(10_000)} ", "\n")),
    "cards": lambda: RNG.choice((fill("{card:4,16} "), f"4{RNG.randrange(10**15):015} ", "4111 1111 ")),
    "telephones": lambda: RNG.choice((fill("{phone:+DE}, "), f"+49 30 {RNG.randrange(10**5)}", "+1 202 555 0123; ")),
    "tokens": lambda: RNG.choice((f"ghp_{word(36)} ", fill("ghp_{crc32-base62:30}\n"), f"ghp_{word(40)}")),
}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("path", ["a.txt", "a.py"])
def test_dense_or_not_the_findings_are_the_same(kind: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document("".join(PARTS[kind]() for _ in range(900)), path)
    found = detect(document, RULES)
    monkeypatch.setattr(dense, "_DENSE", 1_000_000)
    plain = detect(document, RULES)
    assert found.findings == plain.findings
    assert found.suppressed == plain.suppressed


def test_what_is_nothing_is_known_without_a_search() -> None:
    text = "a@" * 2_000 + fill(" {email} ") + "a@" * 2_000
    candidates = RULES.gate.candidates(text).hits
    many = Dense(RULES, text, candidates)
    index = next(
        index
        for number, index in RULES.indexes.items()
        if RULES.rules[index].id == "email-address" and number in many.numbers
    )
    number = next(number for number, place in RULES.indexes.items() if place == index)
    left = [end for end, one in candidates if one == number and not many.is_nothing(number, index, end)]
    assert 1 <= len(left) < 80


def test_only_what_stands_before_candidates_is_looked_at() -> None:
    value = fill(" {email} ")
    text = ("x" * 5_000).join(["a@b " * 200, value, "a@b " * 300])
    candidates = RULES.gate.candidates(text).hits
    many = Dense(RULES, text, candidates)
    place = next(place for place, rule in enumerate(RULES.rules) if rule.id == "email-address")
    number = next(number for number, index in RULES.indexes.items() if index == place)
    left = {end for end, one in candidates if one == number and not many.is_nothing(number, place, end)}
    assert [text[end - 1 : end] for end in left] == [value.partition("@")[2][0]]


def test_few_candidates_are_not_dense() -> None:
    text = fill("{email} ") * 20
    assert not Dense(RULES, text, RULES.gate.candidates(text).hits).numbers
