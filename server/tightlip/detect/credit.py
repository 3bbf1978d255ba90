"""Addresses that name authors and contacts: published on purpose, so they are told quietly.

An author's address stands in a file that lists people (`AUTHORS`, `CODEOWNERS`), in the metadata of a package, in a comment or
docstring, or behind words that give credit. A customer's address stands in none of them. What is shown as an example is
told more quietly too.
"""

from __future__ import annotations

from functools import lru_cache

from tightlip.finding import Span
from tightlip.syntax.comment import begins_in_comment, is_documentation
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import enclosing_literal

_REACH = {"code": 600, "prose": 300, "markup": 200, "config": 120, "data": 120}
_WORDS = (
    "author", "maintain", "copyright", "(c)", "©", "contribut", "committer", "signed-off", "reviewed-by", "acked-by", "thanks",
    "acknowledg", "submitted by", "written by", "ported by", "send bug", "send patch", "send comment", "report bugs",
    "mailing list", "packager", "last change:",
)  # fmt: skip
_PHRASES = lazy(r"(?i)\bcredits?\b(?![\s_-]?card)|bugs? to\b|(?-i:\bby [A-Z][\w'-]+ [A-Z])")
_IN_PHRASES = ("credit", "bug", "by ")
_FILES = lazy(
    r"(?i)(?:^|[/\\])(?:(?:authors|contributors|committers|credits|maintainers|translators|thanks|acknowledge?ments"
    r"|copying|licen[cs]es?|(?:third[-_]?party[-_]?)?(?:licen[cs]es|notices?)|security"
    r"|(?:[\w.]{1,40}[-_])?change(?:log|s)|news|history|release[-_ ]?notes|readme|contributing|code_of_conduct)(?:[-_][\w-]{1,20})?"
    r"(?:\.(?:md|txt|rst|html?))?"
    r"|codeowners|\.mailmap|metadata|pkg-info|(?:package|bower|composer)\.json|pyproject\.toml"
    r"|setup\.(?:py|cfg)|cargo\.toml|pom\.xml)$"
    r"|\.(?:nuspec|gemspec|podspec|cabal|opam|ebuild|pot?|cdx\.json|cyclonedx\.json|spdx(?:\.json)?)$"
)
_EXAMPLES = lazy(
    r"(?i)(?:^|[/\\])(?:examples?|samples?|docs?)[/\\]"
    r"|(?:^|[/\\])(?:[^/\\]*[._-])?(?:examples?|samples?)(?:[-_][\w.-]{1,60})?\.[a-z0-9]{1,8}$"
    r"|(?:^|[/\\])(?:readme|(?:api[-_]?)?reference)\.(?:md|mdx|rst|txt)$"
)
_DATA = lazy(r"(?i)\.(?:csv|tsv|sql|jsonl|ndjson|xlsx?|parquet|ldif|vcf|ics|eml|mbox|log)$")


def is_credit(text: str, span: Span, language: Language, path: str | None) -> bool:
    """Whether an address, telephone number or name at `span` is that of an author or a contact of published work."""
    if path is None:  # a prompt, an unsaved text: who is named there is not known to be an author
        return _is_comment(text, span, language)
    if _DATA.search(path):
        return False
    if _lists_people(path) or _is_comment(text, span, language):
        return True
    before = text[max(0, span.start - _REACH[language.family]) : span.start]
    folded = before.lower()
    if any(word in folded for word in _WORDS):
        return True
    return any(word in folded for word in _IN_PHRASES) and _PHRASES.search(before) is not None


def is_shown(text: str, span: Span, language: Language, path: str | None) -> bool:
    """Whether personal data at `span` is shown to readers: in documentation, in an example's file, or behind `e.g.` in code."""
    if path is None or _DATA.search(path):
        return False
    if _EXAMPLES.search(path) is not None or is_documentation(text, span.start, language):
        return True
    return language.family in ("code", "data") and _SHOWN.search(text, max(0, span.start - 60), span.start) is not None


_SHOWN = lazy(
    r"(?i)(?:\be\.g\.|\bfor (?:example|instance)\b|\bexample:|@example\b|\b(?:such|something) (?:as|like)\b"
    r"|\bexamples?[\"']?\s*:\s*\[?|\bplaceholder[\"']?\s*[:=])[^\r\n]*\Z"
)


def _is_comment(text: str, span: Span, language: Language) -> bool:
    """Whether a span of code lies in a comment, a docstring, or else outside of every string."""
    return language.family == "code" and (
        begins_in_comment(text, span.start, language)
        or enclosing_literal(text, span, language) is None
        or is_documentation(text, span.start, language)
    )


@lru_cache(maxsize=256)
def _lists_people(path: str) -> bool:
    return _FILES.search(path) is not None
