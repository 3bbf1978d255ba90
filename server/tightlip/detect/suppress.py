"""What is found but not reported: allowed in a comment, a reference instead of a value, an obvious placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attrs import frozen

from tightlip.detect.randomness import randomness
from tightlip.finding import POLICY, Finding, Span
from tightlip.syntax.lazy import lazy
from tightlip.syntax.lines import LineIndex

MARKER_GATE = (
    r"(?i)tightlip:\s?allow|pragma:\s?(?:allow|white)list|gitleaks:allow|betterleaks:allow|trufflehog:ignore"
    r"|kingfisher:ignore|ggignore"
)
"""Gate expression of the comments that allow a finding."""

_MARKER = lazy(
    r"(?P<own>tightlip:\s?allow(?:-next-line|-file)?(?:\[(?P<rules>[^\]\r\n]{1,400})\])?)[ \t:,-]*(?P<reason>[^\r\n]{0,300})"
    r"|(?P<pragma>pragma:\s?(?:allow|white)list\s+(?P<nextline>nextline\s+)?secret)"
    r"|(?P<foreign>(?:gitleaks|betterleaks):allow|trufflehog:ignore|kingfisher:ignore|ggignore)",
    re.IGNORECASE,
)
_CLOSERS = lazy(r"\s*(?:\*/|-->|\#>|\]\])\s*$")


@frozen
class Suppressed:
    """A finding that is not reported, and why."""

    finding: Finding
    kind: str
    """`inline`, `reference`, `placeholder`, `reserved`, `baseline`, `allow`, `excluded`, `action` or `confidence`."""
    reason: str


@frozen
class Allow:
    """One inline comment that allows findings of a line."""

    line: int
    rules: frozenset[str]
    """Rule ids it is limited to; empty allows every rule."""
    reason: str
    next_line: bool
    """Whether it speaks of the line below, because its own line holds nothing but the comment."""


def inline_allows(text: str, ends: Sequence[int], lines: LineIndex) -> list[Allow]:
    """The allow comments whose gate matched at `ends`."""
    allows: list[Allow] = []
    for end in ends:
        number, _ = lines.line_column(end)
        start, stop = lines.starts[number], lines.line_end(number)
        if stop - start > 4000:
            start, stop = max(start, end - 500), min(stop, end + 500)
        match = next((m for m in _MARKER.finditer(text, start, stop) if m.start() < end <= m.end()), None)
        if match is None:
            continue
        before = text[start : match.start()]
        alone = not re.sub(r"[#/*;<!\-\s'\"%{(]|REM\b", "", before)
        if match["own"] is not None:
            rules = frozenset(name.strip().lower() for name in (match["rules"] or "").split(",") if name.strip())
            reason = _CLOSERS.sub("", match["reason"]).strip() or "allowed in the source"
            forward = alone or "-next-line" in match["own"].lower()
        else:
            rules, reason = frozenset[str](), (match["pragma"] or match["foreign"]).lower()
            forward = bool(match["nextline"]) or (alone and match["pragma"] is None)
        allows.append(Allow(number, rules, reason, forward))
    return allows


def allowed_by(finding: Finding, allows: Sequence[Allow], lines: LineIndex) -> Allow | None:
    """The comment that allows a finding: on one of its lines, or alone on the line above."""
    first, _ = lines.line_column(finding.span.start)
    last, _ = lines.line_column(max(finding.span.end - 1, finding.span.start))
    for allow in allows:
        if allow.rules and finding.rule not in allow.rules:
            continue
        if first <= allow.line <= last or (allow.next_line and allow.line + 1 == first):
            return allow
    return None


def allowed_findings(text: str, findings: Sequence[Finding]) -> tuple[Suppressed, ...]:
    """Those of some findings in a text that its allow comments speak of; for findings of another lane than the gate's."""
    ends = [match.end() for match in _MARKER_START.finditer(text)] if findings else []
    if not ends:
        return ()
    lines = LineIndex(text)
    allows = inline_allows(text, ends, lines)
    found = ((finding, allowed_by(finding, allows, lines)) for finding in findings)
    return tuple(Suppressed(finding, "inline", allow.reason) for finding, allow in found if allow is not None)


def quiet_spans(suppressed: Iterable[Suppressed]) -> list[Span]:
    """Where another lane need not find anything either: a policy's own term that is allowed allows nothing else there."""
    return [one.finding.span for one in suppressed if one.finding.detector != POLICY]


_MARKER_START = lazy(MARKER_GATE)
_REFERENCE = lazy(
    r"""
      \$\{[^}]*\}? | \$\([^)]*\)? | \$[A-Za-z_][\w.:\[\]>-]* | \$\d           # shell, compose, PHP
    | \{\{.*\}\} | \{%.*%\} | <%.*%> | \#\{.*\} | @\{?[A-Za-z_][\w.]*\}?@     # Jinja, Helm, ERB, Ruby, Maven
    | \[\[.*\]\] | \(\(.*\)\)                                                 # Concourse and friends
    | \{[A-Za-z_]?[\w.\[\]'"()!:]*\} | %\(?\w*\)?[sdr] | %[A-Za-z_]\w*% | %\{[^}]*\}   # formats, batch
    | <[^<>]*> | \[[A-Za-z][\w .-]*\]{1,2}                                    # <your-key>, [token], [user:[token]]
    | (?:os\.environ|os\.getenv|getenv|process\.env|import\.meta\.env|Deno\.env|ENV|env|System\.getenv|std::env|secrets|vars|var
        |local|data|module|config|settings|self|this|props|params|args|request|req|ctx|options|opts|input|values|Values)
        (?:[.\[(:]|->).*
    | (?:op|vault|aws-?sm|awssecretsmanager|gcpsm|keyring|keychain|ssm|secret|env|file|ref\+\w+|azurekeyvault)://?[^\s]*
    | !(?:Ref|Sub|GetAtt|vault|secret|ENV)\b.* | arn:aws[\w-]*:.* | projects/[\w-]+/secrets/.* | ENC\[.*\]? | ENC\(.*\)?
    | __[A-Z][A-Z0-9_]*__ | -----BEGIN[ ]CERTIFICATE.*
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE_INSIDE = lazy(r"\$\{[^}\n]+\}|\{\{[^}\n]+\}\}|\$\([^)\n]+\)|<%[^%\n]+%>|\#\{[^}\n]+\}|%\([a-z_]\w*\)s")
_CALL = lazy(r"[A-Za-z_][\w.]*(?:\(.*|\[[\"'\w]*\].*)", re.DOTALL)

_MASK = lazy(r"[xX*.•…_#?-]+|(.)\1{4,}", re.DOTALL)
_MASKED_INSIDE = lazy(r"[xX]{6,}|\*{3,}|\.{3,}|…|•{2,}|#{4,}|(?i:(?<![a-z])x{4,})")
_WORDS = lazy(
    r"""(?ix)
    example | placeholder | change[-_. ]?(?:me|this|it) | replace[-_. ]?(?:me|this|with) | redacted | dummy | fake | sample
    | (?:your|my|the|a|some|auth|enter|insert|put|add|set|use|paste|fill)[-_. ]*(?:own|real|actual|secret|api|app|access|auth|key
        |token|pass|pwd|password|client|user|name|account|value|here|credentials?|db|database)
    | (?:secret|api|key|token|password|passphrase|value|goes|it)[-_. ]*(?:here|goes) | not[-_. ]?(?:a[-_. ]?)?(?:real|secret|set)
    | todo | fixme | t\.?b\.?d | lorem | foobar | foo[-_.]?bar | to[-_]be[-_] | do[-_]not[-_](?:use|commit) | undefined | unset
    | not?[-_]?(?:password|secret|token|key)[-_]?(?:set|needed|required)? | supersecret | topsecret | s3cr3t | abc123 | hunter2
    | correct[-_ ]?horse | random[-_ ]?(?:password|passphrase|secret|token|key|string)
    """
)
_STRICT_WORDS = lazy(r"(?i)example|placeholder|redacted|your[-_]|changeme|insert[-_]|replace[-_]?me|dummy")
_WORTHLESS = frozenset(
    """
    none null nil undefined true false yes no on off default empty blank test testing tests password passwd pass pwd passphrase
    secret secrets token key apikey api_key user username admin root guest demo mock stub foo bar baz qux string str text value
    values optional required hidden private public local localhost prompt stdin ask auto manual basic bearer oauth oauth2 ldap
    hash hashed encrypted plain plaintext raw json yaml base64 utf8 utf-8 sha1 sha256 sha512 md5 bcrypt scrypt argon2 type number
    boolean object array any unknown error invalid missing disabled enabled internal external required: n/a na tbd wrong bad
    correct incorrect valid invalid expired new old current confirm confirmation repeat letmein qwerty welcome login changeit
    psw tiger masterkey anonymous anon 123 1234 12345 123456 1234567 abc abcd
    """.split()
)
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "0123456789abcdef0123456789abcdef",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "deadbeef",
    "cafebabe",
)
_RUN = 6
_RANDOM = 3.0
"""Evidence (`tightlip.detect.randomness`) from which a value is taken for random, whatever word is in it."""
_RUNS = frozenset(run[start : start + _RUN] for run in _SEQUENCES for start in range(len(run) - _RUN + 1))
_TOKEN = lazy(r"TL_[A-Z][A-Z0-9_]*_[0-9A-Z]{6,}")


_NO_REFERENCE = lazy(
    r"(?!TL_|(?:os|getenv|process|import|Deno|ENV|env|System|secrets|vars|var|local|data|module|config|settings|self|this|props|params"
    r"|args|request|req|ctx|options|opts|input|values|Values)\.)[^\W_][\w @+.,'-]*|\+[0-9 -]+"
)
"""What most values are made of: nothing that `_REFERENCE`, `_TOKEN` or `_CALL` asks for can be in it."""


def is_plain(value: str) -> bool:
    """Whether a value is surely neither a reference nor a call, at a glance; False where that is to be asked."""
    return _NO_REFERENCE.fullmatch(value) is not None


def is_reference(value: str) -> bool:
    """Whether a value only names where the real one lies: `${TOKEN}`, `{{ token }}`, `os.environ["X"]`, `<your-key>`."""
    if _NO_REFERENCE.fullmatch(value) is not None:
        return False
    if _REFERENCE.fullmatch(value) or _TOKEN.fullmatch(value):
        return True
    return "{" in value and _TEMPLATE_INSIDE.search(value) is not None


def is_call(value: str) -> bool:
    """Whether a bare value is a call or a subscript (`get_secret("x")`, `settings[KEY]`) and not a value."""
    return _CALL.fullmatch(value) is not None


def is_placeholder(value: str, *, structural: bool) -> bool:
    """Whether a value obviously stands for another one.

    `structural` values (a vendor's own format) count only as placeholders when they say so (`...EXAMPLE`), are masked, or
    run through a sequence; values found by a field's name also when they are words of documentation (`changeme`).
    """
    if _MASK.fullmatch(value) or _MASKED_INSIDE.search(value) or _is_sequence(value):
        return True
    if structural:
        return _STRICT_WORDS.search(value) is not None
    if len(value) == 1 or value.strip(" .,:;!-_").lower() in _WORTHLESS:
        return True
    # a long random value holds every short word somewhere
    return _WORDS.search(value.replace("%20", " ")) is not None and randomness(value) < _RANDOM


def _is_sequence(value: str) -> bool:
    """Whether most of the value is a run through the alphabet, the digits or a keyboard row, or repeats a few characters."""
    body = value.rpartition("_")[2].replace("-", "").lower()
    size = len(body)
    if size < 8:
        return False
    if len(set(body)) <= min(max(2, size // 12), 6):
        return True
    covered = end = 0
    for start in range(size - _RUN + 1):
        if body[start : start + _RUN] in _RUNS:
            covered += start + _RUN - max(start, end)
            end = start + _RUN
    return covered * 2 > size
