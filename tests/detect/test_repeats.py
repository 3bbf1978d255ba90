"""What repeats itself is looked at once, and everything in it is found that is found one by one."""

from __future__ import annotations

import random

import pytest

from tightlip.detect import detector
from tightlip.detect.detector import Detection, Document, detect
from tightlip.detect.repeats import stretches
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

RULES = builtin_ruleset()
SIZE = 26_000
UNITS = (
    ("password = ", "a.py"),
    ('password: "letmein"\n', "a.yaml"),
    ('{"password":"{base62:12}","key":1},', "a.json"),
    ("4111 1111 ", "a.txt"),
    ("91.2.3.4.", "a.txt"),
    ("a@b-c.d ", "a.txt"),
    ("{email}, ", "a.txt"),
    ("# {email} \"x' \n", "a.py"),
    ("-----BEGIN RSA PRIVATE KEY-----\n", "a.txt"),
    ('key = """a b\n', "a.py"),
    ("key = abc\\\n  def\\\n", "a.ini"),
    ("key: |\n  {base62:12}\n", "a.yaml"),
    ("https://u:{base62:12}@h.example/ ", "a.txt"),
    ('secret = "a" + "b" + "c"\n', "a.py"),
    ('secret = f"a', "a.py"),
    ("token ghp_{crc32-base62:30} ", "a.md"),
)


def repeated(unit: str) -> str:
    text = fill(unit)
    return text * (SIZE // len(text))


def one_by_one(document: Document, monkeypatch: pytest.MonkeyPatch) -> Detection:
    with monkeypatch.context() as patched:
        patched.setattr(detector, "answers", lambda _text, hits, ask, _ahead: (hits, ask))
        return detect(document, RULES)


@pytest.mark.parametrize(("unit", "path"), UNITS)
def test_repeated_or_not_the_findings_are_the_same(unit: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightlip.detect.repeats._MANY", 100)
    other = fill('api_key = "{base62:24}"\nWrite to {email}.\n')
    text = repeated(unit) + other + repeated(unit)[: SIZE // 2] + other
    document = Document(text, path)
    found, plain = detect(document, RULES), one_by_one(document, monkeypatch)
    assert found.findings == plain.findings
    assert found.suppressed == plain.suppressed


def test_few_of_the_candidates_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    confirm = detector.confirm_field
    monkeypatch.setattr(detector, "confirm_field", lambda *given: asked.append(given[1]) or confirm(*given))
    detect(Document("password = " * 20_000, "a.py"), RULES)
    assert len(asked) < 3_000


def test_a_stretch_is_where_every_character_is_that_of_a_period_later() -> None:
    rng = random.Random(5)
    noise = "".join(rng.choice("abc =") for _ in range(3_000))
    text = noise + "key = x; " * 4_000 + noise + "token: y\n" * 4_000 + noise
    hits = [(place, 7) for place in range(0, len(text), 5)]
    found = list(stretches(text, hits))
    assert [stretch.period for stretch in found] == [9, 9]
    for start, end, period in ((one.start, one.end, one.period) for one in found):
        assert text[start : end - period] == text[start + period : end]
        assert end - start > 30_000


def test_what_never_repeats_has_no_stretch() -> None:
    text = " ".join(map(str, range(20_000)))
    assert not list(stretches(text, [(place, 7) for place in range(0, len(text), 3)]))
