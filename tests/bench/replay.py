"""A day of editing in fast-forward: seeded random edits over many documents, against the server's real process.

At every look the server's findings must be those of a fresh scan of the client's text, its text (had by having it redacted
and restored) must be the client's to the character, and its memory must stop growing.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from statistics import median

import psutil
from attrs import astuple, define, frozen

from tests.bench.client import Client
from tests.bench.table import Row
from tightlip.detect.detector import Document
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.guard import Guard
from tightlip.policy.model import BUILTIN

SERVER = (sys.executable, "-c", "import sys; from tightlip.editor.server import serve; sys.exit(serve(None, 'error'))")
SETTINGS = {"settings": {"deep": False, "debounce": 5, "maxDelay": 20}}
LARGEST = 12_000
"""Code points a document may grow to before it is cut back."""

_PIECES = [
    "a",
    "x = 1",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\f",
    "\u2028",
    "\x85",
    "\t",
    "é",
    "漢字",
    "😀",
    "\0",
    "'",
    '"',
    "# note",
    "(",
    ")",
]
_VALUES = [
    fill('token = "ghp_{crc32-base62:30}"\n'),
    fill("AWS_ACCESS_KEY_ID=AKIA{base32:16}\n"),
    fill("see ghp_{crc32-base62:30} and 😀 ghp_{crc32-base62:30}\r\n"),
    "mail: johanna.odberg@" + "gmail" + ".com\n",
]
_LINE_END = re.compile(r"\r\n|\r|\n")


@define
class Text:
    """The client's text, edited the slow and obvious way."""

    uri: str
    text: str = ""
    version: int = 1

    def place(self, offset: int) -> dict[str, int]:
        """Position of an offset in UTF-16 units."""
        starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        line = max(number for number, start in enumerate(starts) if start <= offset)
        content = _LINE_END.split(self.text[starts[line] :], maxsplit=1)[0][: offset - starts[line]]
        return {"line": line, "character": len(content.encode("utf-16-le")) // 2}

    def range_of(self, start: int, end: int) -> dict[str, dict[str, int]]:
        """Range of two offsets."""
        return {"start": self.place(start), "end": self.place(end)}


@frozen
class Result:
    """What a replay showed."""

    edits: int
    looks: int
    wrong_findings: int
    wrong_texts: int
    seconds: float
    first_memory: int
    """Bytes of the server's process in the third tenth of the session, when rooms are warm and documents full (median)."""
    last_memory: int
    """The same in the last tenth."""

    @property
    def identical(self) -> bool:
        """Whether nothing ever differed."""
        return not self.wrong_findings and not self.wrong_texts


def replay(edits: int, documents: int, *, looks: int, seed: int = 1) -> Result:
    """Replay a random session of `edits` changes over `documents` documents, and look `looks` times."""
    rng = random.Random(seed)
    client = Client(SERVER)
    client.initialize(SETTINGS)
    server = psutil.Process(client.process.pid)
    guard = Guard(BUILTIN, builtin_ruleset())
    texts = [Text(f"untitled:{number}.py") for number in range(documents)]
    for text in texts:
        client.open(text.uri, text.text)
    wrong_findings = wrong_texts = 0
    memory: list[int] = []
    began = time.perf_counter()
    for number in range(1, edits + 1):
        text = rng.choice(texts)
        if rng.random() < 0.002:
            _reopen(client, text)
        text.version += 1
        changes = list(_changes(rng, text))
        identifier = {"uri": text.uri, "version": text.version}
        client.send("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})
        if number % max(edits // looks, 1) == 0:
            looked_at = rng.choice(texts)
            wrong_findings += _seen(client, looked_at) != _fresh(guard, looked_at)
            wrong_texts += _text_of(client, looked_at) != looked_at.text
            memory.append(server.memory_info().rss)
    seconds = time.perf_counter() - began
    client.close()
    tenth = max(len(memory) // 10, 1)
    warm, last = median(memory[2 * tenth : 3 * tenth]), median(memory[-tenth:])
    return Result(edits, len(memory), wrong_findings, wrong_texts, seconds, int(warm), int(last))


def _changes(rng: random.Random, text: Text) -> Iterator[dict[str, object]]:
    """One to three changes of one message; each is made in the client's text as it is told."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if len(text.text) > LARGEST or rng.random() < 0.003:
            text.text = "".join(rng.choices(_PIECES, k=40))
            yield {"text": text.text}
            continue
        start = _boundary(text.text, rng.randint(0, len(text.text)))
        end = _boundary(text.text, min(start + rng.choice((0, 0, 0, 1, 2, 30)), len(text.text)))
        start, end = min(start, end), max(start, end)
        new = rng.choice(_VALUES) if rng.random() < 0.1 else "".join(rng.choices(_PIECES, k=rng.randint(0, 3)))
        change: dict[str, object] = {"range": text.range_of(start, end), "text": new}
        text.text = text.text[:start] + new + text.text[end:]
        yield change


def _boundary(text: str, offset: int) -> int:
    """An offset a cursor can stand at: not between the two characters of a line end."""
    return offset - 1 if 0 < offset < len(text) and text[offset - 1 : offset + 1] == "\r\n" else offset


def _reopen(client: Client, text: Text) -> None:
    client.send("textDocument/didClose", {"textDocument": {"uri": text.uri}})
    text.version = 1
    client.open(text.uri, text.text)


def _seen(client: Client, text: Text) -> list[tuple[str, str]]:
    """Rule and range of everything the server shows about a document."""
    answer = client.request("textDocument/diagnostic", {"textDocument": {"uri": text.uri}})
    return [(item["code"], json.dumps(item["range"])) for item in answer["result"]["items"]]


def _fresh(guard: Guard, text: Text) -> list[tuple[str, str]]:
    inspection = guard.inspect(Document(text.text, None, "python"))
    return [(finding.rule, json.dumps(text.range_of(*finding.span))) for finding in inspection.findings]


def _text_of(client: Client, text: Text) -> str:
    """The server's text: redacted by it, and restored by it."""
    command = {"command": "tightlip.copyRedacted", "arguments": [text.uri]}
    redacted = client.request("workspace/executeCommand", command)["result"]["text"]
    return client.request("tightlip/restore", {"text": redacted, "languageId": "python"})["result"]["text"]


def run(edits: int = 100_000, documents: int = 50) -> list[Row]:
    """Rows of the bench's table."""
    result = replay(edits, documents, looks=edits // 200)
    memory = f"{result.first_memory / 1e6:.0f} -> {result.last_memory / 1e6:.0f} MB"
    flat = result.last_memory <= result.first_memory * 1.15
    name = f"{result.edits:,} edits, {documents} documents, {result.seconds:.0f} s"
    return [
        Row(
            "text identical",
            name,
            "",
            f"{result.wrong_texts} of {result.looks:,} differ",
            "none",
            not result.wrong_texts,
        ),
        Row(
            "findings as a fresh scan",
            name,
            "",
            f"{result.wrong_findings} of {result.looks:,} differ",
            "none",
            not result.wrong_findings,
        ),
        Row("memory flat", memory, "", f"{result.last_memory / result.first_memory:.2f}x", "<= 1.15x", flat),
    ]


def main() -> int:
    """Replay on its own and print what it showed; exit code 1 when something differed or memory grew."""
    rows = run(*(int(argument) for argument in sys.argv[1:3]))
    for row in rows:
        print(*astuple(row), sep="  ")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
