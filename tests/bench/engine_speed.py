"""The engine in this process: on code, on tables, after an edit, on what was written to slow it down."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.quality_scanners import PEERS, offline
from tests.bench.table import Row
from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.guard import load_guard

BUFFER = 100_000
"""Code points of one buffer of code."""
BUFFERS = 30
ADVERSE = 1_000_000
"""Code points of a text that was written to slow the engine down."""


def run() -> list[Row]:
    """All rows of the engine's table."""
    return [code(), *tables(), after_an_edit(), *worst()]


def code() -> Row:
    """Buffers of code in memory, beside kingfisher's library, in turns; the median of the best times."""
    buffers = code_buffers()
    ours, theirs = [9.0] * BUFFERS, [9.0] * BUFFERS
    for _ in range(3):
        ours = list(map(min, ours, (best(lambda text=text: look(text, "a.py")) for text in buffers)))
        rival = kingfisher(buffers)
        theirs = list(map(min, theirs, rival)) if rival else []
    mine = statistics.median(ours) * 1e3
    name = f"{BUFFER // 1000} KB of code, all rules"
    if not theirs:
        return Row(name, f"{mine:.2f} ms", "kingfisher-secret-scanner is not installed", "", "<= 1.0x", None)
    other = statistics.median(theirs) * 1e3
    return Row(
        name,
        f"{mine:.2f} ms",
        f"{other:.2f} ms kingfisher-secret-scanner",
        f"{mine / other:.2f}x",
        "<= 1.0x",
        mine <= other,
    )


def tables() -> list[Row]:
    """A thousand rows of personal data, looked at for the first time and again."""
    rows: list[Row] = []
    for name, make in (("CSV", csv), ("SQL", sql)):
        first, again = [], []
        for seed in range(7):
            judged = builtin_ruleset().judged
            judged.by_rules.clear()
            judged.contests.clear()
            text = make(seed)
            begin = time.perf_counter()
            look(text, f"people.{name.lower()}")
            first.append(time.perf_counter() - begin)
            again.append(best(lambda text=text, name=name: look(text, f"people.{name.lower()}"), 3))
        fresh, warm = min(first) * 1e3, min(again) * 1e3
        rows.append(Row(f"1,000 rows of {name}, first look", f"{fresh:.1f} ms", "", "", "<= 15 ms", fresh <= 15))
        rows.append(Row(f"1,000 rows of {name}, after an edit", f"{warm:.1f} ms", "", "", "<= 15 ms", warm <= 15))
    return rows


def after_an_edit() -> Row:
    """A 1,000-line file, one character added: all that a server does but the protocol."""
    folder = Path(__file__).parent
    guard = load_guard(folder)
    lines = code_buffers()[0].split("\n")[:1000]
    times: list[float] = []
    for place in range(200):
        lines[500] = "x" * (place % 40)
        document = Document("\n".join(lines), str(folder / "a.py"))
        begin = time.perf_counter()
        guard.inspect(document)
        times.append(time.perf_counter() - begin)
    times.sort()
    median, high = times[100] * 1e3, times[190] * 1e3
    return Row(
        f"1,000 lines ({len(document.text) // 1000} KB) after an edit, median and p95",
        f"{median:.2f}, {high:.2f} ms",
        "",
        "",
        "<= 2 ms",
        high <= 2,
    )


def worst() -> list[Row]:
    """Nanoseconds per code point of the slowest adverse text, beside the median of code."""
    usual = statistics.median(best(lambda text=text: look(text, "a.py"), 3) / len(text) for text in code_buffers()[:9])
    slowest = max((seconds / ADVERSE, name) for name, seconds in adverse_times())
    ratio = slowest[0] / usual
    figures = f"{slowest[0] * 1e9:.0f} ns per character ({slowest[1]})"
    varied = max((seconds / ADVERSE, name) for name, seconds in varied_times())
    code = f"{usual * 1e9:.1f} ns code"
    return [
        Row("slowest adverse text of 1 MB", figures, code, f"{ratio:.0f}x", "<= 20x", ratio <= 20),
        Row(
            "slowest of 1 MB in which nothing repeats",
            f"{varied[0] * 1e9:.0f} ns per character ({varied[1]})",
            code,
            f"{varied[0] / usual:.0f}x",
            "",
            None,
        ),
    ]


def adverse_times() -> Iterator[tuple[str, float]]:
    """Names of adverse texts and the seconds each takes."""
    for name, unit, path in ADVERSE_TEXTS:
        text = (unit * (ADVERSE // len(unit) + 1))[:ADVERSE]
        begin = time.perf_counter()
        look(text, path)
        yield name, time.perf_counter() - begin


def varied_times() -> Iterator[tuple[str, float]]:
    """Names of adverse texts that do not repeat themselves, and the seconds each takes."""
    for name, part, path in VARIED_TEXTS:
        draw = random.Random(name)
        parts: list[str] = []
        size = 0
        while size < ADVERSE:
            parts.append(part(draw))
            size += len(parts[-1])
        text = "".join(parts)[:ADVERSE]
        begin = time.perf_counter()
        look(text, path)
        yield name, time.perf_counter() - begin


ADVERSE_TEXTS = (
    ("spaces", " " * 1000 + "\n", "a.py"),
    ("one line of a name", "a", "a.py"),
    ("one line of digits", "1", "a.txt"),
    ("quotes", "\"'", "a.py"),
    ("nested brackets", "([{", "a.py"),
    ("names of a field", "password", "a.py"),
    ("fields without a value", "password = ", "a.py"),
    ("fields with short values", 'token = "x" ', "a.py"),
    ("fields with words", 'password: "letmein"\n', "a.yaml"),
    ("fields of personal data", 'email = "x" ', "a.py"),
    ("halves of addresses", "a@a.", "a.txt"),
    ("addresses", "a@b-c.d ", "a.txt"),
    ("halves of cards", "4111 1111 ", "a.txt"),
    ("numbers like IBANs", "DE00 0000 0000 000 ", "a.txt"),
    ("numbers like addresses", "91.2.3.4.", "a.txt"),
    ("beginnings of keys", "-----BEGIN RSA PRIVATE KEY-----\n", "a.txt"),
    ("beginnings of tokens", "ghp_" + "A" * 20 + " ", "a.txt"),
    ("beginnings of JWTs", "eyJhbGciOi.eyJ", "a.txt"),
    ("URLs with users", "https://a:b@c ", "a.txt"),
    ("rows of SQL", "INSERT INTO a (email) VALUES ('", "a.sql"),
    ("cells", '"city","zip",\n', "a.csv"),
    ("joined strings", 'secret = "a" + "b" + "c"\n', "a.py"),
    ("strings in brackets", 'password = f(g(h("', "a.py"),
    ("addresses in one string", "anna.b@firma-nord.de ", "a.py"),
    ("addresses in comments", "# anna.b@firma-nord.de\n", "a.py"),
    ("names without values", "key: ", "a.yaml"),
    ("escaped fields", '\\"token\\":\\"x\\",', "a.json"),
    ("objects on one line", '{"id":1,"name":"x","password":"y","key":2},', "a.json"),
    ("elements", '<a key="x" href="y">', "a.html"),
    ("open strings", 'secret = f"a', "a.py"),
    ("open long strings", 'key = """a ', "a.py"),
)  # fmt: skip
"""Name, the part that is repeated, and the path that gives the language."""

VARIED_TEXTS: tuple[tuple[str, Callable[[random.Random], str], str], ...] = (
    ("signs of addresses", lambda draw: f"{_word(draw, 2)}@", "a.txt"),
    ("nearly addresses", lambda draw: f"{_word(draw, 3)}@{_word(draw, 4)}.d ", "a.txt"),
    ("numbers and dots", lambda draw: f"{draw.randrange(300)}.", "a.txt"),
    ("fields of a line", lambda draw: f"password{draw.randrange(100)} = ", "a.py"),
    (
        "small objects",
        lambda draw: f'"{_word(draw, 5)}":{{"email":"x","key":{draw.randrange(1000)},"token":null}},',
        "a.json",
    ),
    ("addresses of a string", lambda draw: f"{_word(draw, 6)}@{_word(draw, 7)}.de ", "a.py"),
    ("passwords", lambda draw: f'password = "{_word(draw, 6)}{draw.randrange(100)}"\n', "a.py"),
)
"""As above, but no part is like another: what a text costs in which nothing may be remembered. Not measured against a bar."""


def _word(draw: random.Random, size: int) -> str:
    return "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=size))


def look(text: str, path: str) -> None:
    """One look of the fast lane."""
    detect(Document(text, path), builtin_ruleset())


def best(action: Callable[[], None], rounds: int = 9) -> float:
    """Seconds of the fastest of several runs."""
    times: list[float] = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def kingfisher(texts: list[str]) -> list[float]:
    """Seconds kingfisher's library takes for each text; nothing where it is not installed."""
    script = Path(__file__).with_name("run_kingfisher.py")
    done = subprocess.run(
        [*offline(), str(PEERS / "bin" / "python"), str(script)],
        input=json.dumps(texts).encode(),
        capture_output=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else []


def code_buffers() -> list[str]:
    """Stretches of the standard library's sources."""
    text = ""
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("[a-z]*.py")):
        text += path.read_text("utf-8", "replace")
        if len(text) > BUFFER * BUFFERS:
            break
    return [text[place : place + BUFFER] for place in range(0, BUFFER * BUFFERS, BUFFER)]


_COLUMNS = "id first_name last_name email phone street city zip dob notes".split()


def people(seed: int) -> list[list[str]]:
    """A thousand rows of invented people."""
    draw = random.Random(seed)
    given = "Katharina Oliver Henrik Beatriz Nadine Tomasz Ingrid".split()
    family = "Brandt Hughes Lindqvist Carvalho Verbeek Nowak Solberg".split()
    return [
        [
            str(number),
            draw.choice(given),
            draw.choice(family),
            f"{draw.choice(given)}{draw.randrange(10_000)}@firma-nord.de",
            f"+49 30 84{draw.randrange(10**5, 10**6)}",
            f"Hauptallee {draw.randrange(1, 90)}",
            "Berlin",
            "10117",
            f"{draw.randrange(1950, 2000)}-{draw.randrange(2, 12):02d}-{draw.randrange(2, 28):02d}",
            "some words about the customer",
        ]
        for number in range(1000)
    ]


def csv(seed: int) -> str:
    """The rows as CSV."""
    return "\n".join(",".join(row) for row in [_COLUMNS, *people(seed)]) + "\n"


def sql(seed: int) -> str:
    """The rows as one INSERT."""
    rows = ",\n".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in people(seed))
    return f"INSERT INTO users ({', '.join(_COLUMNS)}) VALUES\n{rows};\n"


if __name__ == "__main__":
    from rich.console import Console

    from tests.bench.table import show

    sys.exit(0 if show("engine", run(), Console(width=170)) else 1)
