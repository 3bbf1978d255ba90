"""What a policy costs: its terms, its own expressions and rules, in an inspection of a file."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.engine_speed import code_buffers
from tests.bench.table import Row
from tightlip.detect.custom import CustomRules
from tightlip.detect.detector import Document, detect
from tightlip.detect.own import Own
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.terms import Terms, TermSpec
from tightlip.finding import Category, Classification, Confidence, Finding, Origin, Severity, Span, Surface
from tightlip.guard import Guard
from tightlip.policy.decide import decide
from tightlip.policy.load import NOTHING_ABOVE, Above, load_policy
from tightlip.policy.organisation import Organisation, OrgFile, State
from tightlip.syntax.toml import parse_toml

REPOSITORIES = 500
TERMS = 5_000
EXPRESSIONS = 100
"""How many of the terms are expressions."""
RULES = 50
LINES = 1_000
ROUNDS = 60


def run() -> list[Row]:
    """All rows of the policy's table."""
    return [decisions(), whole(), *terms(), rules(), *compiled()]


def decisions() -> Row:
    """How often a second one core says whether a text with two findings of a restricted repository may leave."""
    policy = load_policy(Path("/nowhere"), above=_organisation(0))
    origin = Origin("/nowhere/pay/a.py", "github.com/acme/team-3", "/nowhere/pay", Classification.RESTRICTED)
    findings = [
        Finding(rule, rule, category, Span(at, at + 4), Severity.ERROR, Confidence.HIGH, "x", "X")
        for at, (rule, category) in enumerate((("aws-access-key-id", Category.SECRET), ("us-ssn", Category.PII)))
    ]
    entry = policy.repos[3]

    def decide_often() -> None:
        for _ in range(1_000):
            decide(findings, origin, policy, Surface.PROMPT, entry)

    rate = 1_000 / min(_seconds(decide_often) for _ in range(10))
    return Row("decisions a second, one core", f"{rate:,.0f}", "", "", ">= 10,000", rate >= 10_000)


def whole() -> Row:
    """A 1,000-line file in a repository, inspected by a policy of 500 repositories and 5,000 terms, and by none, in turns."""
    text, ruleset = lines(), builtin_ruleset()
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        top = Path(folder).resolve()
        subprocess.run(["git", "init", "-q", top], check=True)
        subprocess.run(["git", "-C", top, "remote", "add", "origin", "git@github.com:acme/app.git"], check=True)
        document = Document(text, str(top / "src" / "a.py"))
        guards = []
        for above in (_organisation(TERMS), NOTHING_ABOVE):
            policy = load_policy(top, top, ruleset.categories, above=above)
            assert policy.problems == ()
            guards.append(Guard(policy, ruleset, top, above=above))
        for guard in guards:
            guard.inspect(document)
        pairs = [
            tuple(_seconds(lambda guard=guard: guard.inspect(document)) for guard in guards) for _ in range(ROUNDS)
        ]
    with_it, without = (min(times) * 1e3 for times in zip(*pairs, strict=True))
    more = with_it - without
    name = f"{REPOSITORIES} repositories and {TERMS:,} terms, {LINES:,} lines"
    return Row(name, f"{with_it:.2f} ms", f"{without:.2f} ms without", f"+{more:.2f} ms", "<= 1 ms more", more <= 1)


def _organisation(count: int) -> Above:
    """A policy of 500 repositories by remote and path, and so many terms."""
    repositories = "".join(
        f'[[repo]]\nmatch = {{ remote = "github.com/acme/team-{number}", path = ["/srv/code/team-{number}/**"] }}\n'
        'class = "restricted"\ncontact = "team@acme.example"\n'
        for number in range(REPOSITORIES)
    )
    texts = [text for spec in term_specs() for text in spec.texts][:count]
    terms = "".join(f"[[term]]\ntext = {json.dumps(text)}\n" for text in texts)
    file = OrgFile(parse_toml(repositories + terms, "org.toml"), "/etc/org.toml", "org.toml", "/etc")
    return Above(Organisation(State.TRUSTED, (file,)))


def terms() -> list[Row]:
    """The 1,000-line file with 5,000 terms and without, in turns: in ASCII, with letters beyond it, and with terms in it."""
    own = [Terms.build(term_specs())]
    text = lines()
    words = [spec.texts[0] for spec in term_specs() if spec.texts]
    draw = random.Random(3)
    full = "\n".join(
        f"{line}  # {draw.choice(words)}" if not at % 10 else line for at, line in enumerate(text.split("\n"))
    )
    return [
        _row(f"{TERMS:,} terms, {LINES:,} lines", text, own, bar=1.0),
        _row("the same with letters beyond ASCII", text.replace("#", "# für"), own, bar=1.0),
        _row("the same with a term on every tenth line", full, own),
    ]


def rules() -> Row:
    """The same file with 50 rules of an organisation's own."""
    return _row(f"{RULES} own rules, {LINES:,} lines", lines(), [CustomRules.build(rule_specs())], bar=1.0)


def compiled() -> list[Row]:
    """Seconds of processor time until terms can be looked for: the first time, and at every other start."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder, _cache(folder):
        specs = term_specs()
        first = _seconds(lambda: Terms.build(specs), time.process_time)
        again = min(_seconds(lambda: Terms.build(specs), time.process_time) for _ in range(5))
    return [
        Row(f"{TERMS:,} terms compiled, first time", f"{first * 1e3:.0f} ms", "", "", "<= 2 s", first <= 2),
        Row(f"{TERMS:,} terms at another start", f"{again * 1e3:.0f} ms", "", "", "<= 100 ms", again <= 0.1),
    ]


def term_specs() -> list[TermSpec]:
    """Names of invented customers and projects, of one to three words, some of them words that code is full of."""
    draw = random.Random(1)

    def name() -> str:
        return "".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))).capitalize()

    texts = [
        " ".join(name() for _ in range(draw.choice((1, 1, 2, 3)))) for _ in range(TERMS - EXPRESSIONS - len(_USUAL))
    ]
    literals = [TermSpec(f"term-{number}", (text,)) for number, text in enumerate([*_USUAL, *texts])]
    expressions = [rf"\b{name()}-(?P<value>[0-9]{{4,8}})\b" for _ in range(EXPRESSIONS)]
    return [*literals, *(TermSpec(f"pattern-{number}", pattern=one) for number, one in enumerate(expressions))]


def rule_specs() -> list[Rule]:
    """Invented badge numbers and keys, half of them by their shape and half by the name of their field."""
    found: list[Rule] = []
    for number in range(RULES):
        by = (
            {"pattern": rf"\bAC{number:02}-(?P<value>[0-9a-f]{{8}})\b"}
            if number % 2
            else {"fields": (f"acme_{_SYLLABLES[number % 20]}_id",)}
        )
        found.append(Rule(f"own-{number}", "Own", Category.PII, Severity.WARNING, Confidence.MEDIUM, "OWN", **by))
    return found


def lines() -> str:
    """A file of the standard library's lines."""
    return "\n".join(code_buffers()[0].split("\n")[:LINES])


def _row(name: str, text: str, own: Sequence[Own], bar: float | None = None) -> Row:
    with_them, without = _in_turns(text, own)
    more = (with_them - without) * 1e3
    return Row(
        name,
        f"{with_them * 1e3:.2f} ms",
        f"{without * 1e3:.2f} ms without",
        f"+{more:.2f} ms",
        f"<= {bar:.0f} ms more" if bar else "",
        more <= bar if bar else None,
    )


def _in_turns(text: str, own: Sequence[Own]) -> tuple[float, float]:
    """Seconds of one look with and one without, the fastest of many taken in turns."""
    document, ruleset = Document(text, "a.py"), builtin_ruleset()
    pairs = [
        (_seconds(lambda: detect(document, ruleset, own=own)), _seconds(lambda: detect(document, ruleset)))
        for _ in range(ROUNDS)
    ]
    return min(one for one, _ in pairs), min(other for _, other in pairs)


def _seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    begin = clock()
    action()
    return clock() - begin


@contextmanager
def _cache(folder: str) -> Iterator[None]:
    before = os.environ.get("TIGHTLIP_CACHE_DIR")
    os.environ["TIGHTLIP_CACHE_DIR"] = folder
    try:
        yield
    finally:
        os.environ.pop("TIGHTLIP_CACHE_DIR")
        if before is not None:
            os.environ["TIGHTLIP_CACHE_DIR"] = before


_SYLLABLES = "ka lo mer tin za pro jec fal con ber nor dis ul ox am ste gri vo lan quo hex pi".split()
_USUAL = ["Data Store", "File System", "Path Finder", "Read Ahead", "Class Act", "Return Path", "No Value"]

if __name__ == "__main__":
    from rich.console import Console

    from tests.bench.table import show

    sys.exit(0 if show("policy", run(), Console(width=170)) else 1)
