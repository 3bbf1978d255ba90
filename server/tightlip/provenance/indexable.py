"""Which files of a repository are not written by its people: their lines tell nothing, or fill an index with noise."""

from __future__ import annotations

from tightlip.syntax.lazy import lazy

MOST_BYTES = 1_000_000
"""Size of a file above which it is data."""

_WIDE = 200
_FOLDER = lazy(
    r"(?i)(?:^|/)(?:node_modules|bower_components|_?vendor(?:ed)?|third[_-]?party|site-packages|_vendored_packages)/"
)
_NAME = lazy(
    r"(?i)(?:^|/)(?:[^/]*\.min\.(?:js|css)|[^/]*\.(?:lock|sum|map|svg|snap|po|pot|csv|tsv|pem|crt|patch|diff|ipynb)"
    r"|(?:package-lock|npm-shrinkwrap|composer\.lock|packages\.lock)\.json|pnpm-lock\.ya?ml"
    r"|(?:licen[cs]e|copying|notice|authors|contributors)(?:[.-][^/]*)?|[^/]*[._-](?:pb2?|generated|gen)\.[^/]+)\Z"
)
_MADE = lazy(
    r"(?i)@generated|\b(?:auto-?matically |auto-?|code )generated\b|generated (?:by|from|with) |do not (?:edit|modify)\b"
)
_HEAD = 1000


def why_skipped(path: str, text: str = "") -> str:
    """`vendored`, `generated`, `minified`, `data` for a file that should not be indexed, else an empty string.

    `path` is relative to the repository, with `/`. Without the text, only what the name says is told.
    """
    if _FOLDER.search(path):
        return "vendored"
    if _NAME.search(path):
        return "data"
    if len(text) > MOST_BYTES:
        return "data"
    if text and len(text) > _WIDE * (text.count("\n") + 1):
        return "minified"
    return "generated" if _MADE.search(text[:_HEAD]) else ""
