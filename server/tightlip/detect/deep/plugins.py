"""detect-secrets in the worker: its plugins and filters, line by line, with the settings of a baseline where there is one.

Its `scan_line` is not used: that takes no file name, so that unquoted values of configuration files are not looked at; it
reports every word as a random one, and rebuilds its filters for every line. The parts it is made of are.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Protocol, cast

from attrs import frozen
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.high_entropy_strings import HighEntropyStringsPlugin
from detect_secrets.settings import (
    get_filters,  # pyright: ignore[reportUnknownVariableType]
    get_plugins,  # pyright: ignore[reportUnknownVariableType]
    get_settings,
    transient_settings,
)
from detect_secrets.util.code_snippet import CodeSnippet, get_code_snippet
from detect_secrets.util.filetype import FileType, determine_file_type
from detect_secrets.util.inject import call_function_with_arguments, get_injectable_variables  # pyright: ignore[reportUnknownVariableType]

from tightlip.detect.deep.catalog import OWN, SECRET_TYPES, Standing
from tightlip.detect.deep.nearby import phrases, word_near
from tightlip.detect.deep.plugin_settings import Configuration, configuration, default_plugins
from tightlip.detect.deep.protocol import Hit, Problem, Region, Settings
from tightlip.detect.randomness import randomness
from tightlip.finding import Confidence
from tightlip.syntax.language import LANGUAGES
from tightlip.syntax.lines import LineIndex

LONGEST_LINE = 2_000
"""Code points of a line that detect-secrets reads: some of its patterns take quadratic time."""

_ALLOWLIST = "detect_secrets.filters.allowlist.is_line_allowlisted"
_ON_DISK = "detect_secrets.filters.common.is_invalid_file"
_REFERENCE = "detect_secrets.filters.heuristic.is_indirect_reference"
_BLANKS = re.compile(r"\s{4,}")
_CALL = re.compile(r"[=!:].*[(\[]")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]+")
_DIGEST = re.compile(r"(?i)(?:sha(?:1|256|384|512)|md5)[-:=].*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ASSIGNED = re.compile(r"[\w.-]*=(?=.)")
_TELLING = phrases(
    ("secret", "token", "password", "passwd", "passphrase", "key", "salt", "credential", "auth", "private")
)
_LEAST_RANDOMNESS = 4.0
_LEAST_SIZE = {Standing.RANDOM: 20, Standing.KEYWORD: 6}


class Secret(Protocol):
    """detect-secrets' `PotentialSecret`, as far as it is read here."""

    secret_value: str | None


class Plugin(Protocol):
    """detect-secrets' `BasePlugin`, as far as it is used here."""

    secret_type: str

    def analyze_line(self, **known: object) -> set[Secret] | None:
        """Secrets of a line; which of the arguments it takes is for `get_injectable_variables` to say."""
        ...


class Filter(Protocol):
    """A detect-secrets filter, as `get_filters` returns it."""

    path: str
    injectable_variables: set[str]

    def __call__(self, *arguments: object) -> bool:
        """Whether what the arguments describe is no secret."""
        ...


@frozen
class _Line:
    region: Region
    offset: int
    """Where the line begins in the region's text."""
    text: str
    shown: str
    """What plugins and filters see of it: several of their patterns take cubic time where many blanks follow each other."""
    context: CodeSnippet


class Plugins:
    """detect-secrets' plugins and filters for one baseline, or by default. `close` before another is made."""

    def __init__(self, settings: Settings):
        logging.getLogger("detect-secrets").handlers = [logging.NullHandler()]
        self._stack = ExitStack()
        wanted = configuration(settings)
        try:
            self._enter(wanted)
            self.problems = wanted.problems
        except Exception as error:  # plugins and filters of the baseline may fail in any way
            self.close()
            problem = Problem("deep-settings", f"The baseline's settings cannot be used ({type(error).__name__}).")
            self.problems = (*wanted.problems, problem)
            self._enter(Configuration(default_plugins()))

    def _enter(self, wanted: Configuration) -> None:
        get_mapping_from_secret_type_to_class.cache_clear()  # it holds the plugin files of the settings before
        settings = self._stack.enter_context(transient_settings(wanted.as_detect_secrets()))
        settings.disable_filters(_ON_DISK)  # an editor's text need not be a file
        plugins = cast("list[Plugin]", get_plugins())
        self.plugins = [(plugin, get_injectable_variables(plugin.analyze_line)) for plugin in plugins]
        filters = cast("list[Filter]", get_filters())
        self._file_filters = [f for f in filters if f.injectable_variables <= {"filename"}]
        self._secret_filters = [f for f in filters if f.injectable_variables & {"secret", "plugin"}]
        self._line_filters = [f for f in filters if f not in self._file_filters and f not in self._secret_filters]

    def close(self) -> None:
        """Give detect-secrets its own settings back."""
        try:
            self._stack.close()
        except NameError:  # detect-secrets 1.5: `cache_bust` trips over filters that are files
            get_plugins.cache_clear()
            get_filters.cache_clear()
            get_settings.cache_clear()

    def hits(
        self, regions: Iterable[Region], path: str | None, language: str, problems: list[Problem]
    ) -> Iterator[Hit]:
        """Secrets in regions of lines; what could not be looked at is added to `problems`."""
        name = path or "untitled"
        bare = _is_bare(language)
        # by the extension its keyword plugin knows where values stand unquoted; `.env` it does not know
        typed = f"{name}.ini" if bare and determine_file_type(name) is FileType.OTHER else name
        failed: set[str] = set()
        long = 0
        if _any(self._file_filters, failed, filename=name):
            return
        for line in _lines(regions):
            if len(line.shown) > LONGEST_LINE:
                long += 1
            elif not self._skips(line, name, failed):
                yield from self._in_line(line, typed, eager=bare, failed=failed)
        if long:
            what = "1 line" if long == 1 else f"{long} lines"
            problems.append(
                Problem("deep-long-line", f"detect-secrets did not look at {what} of over {LONGEST_LINE:,} characters.")
            )
        problems.extend(Problem("deep-settings", f'detect-secrets: "{name}" failed.') for name in sorted(failed))

    def _skips(self, line: _Line, name: str, failed: set[str]) -> bool:
        filters = (f for f in self._line_filters if _may_skip(f, line))
        return not line.shown or _any(filters, failed, filename=name, line=line.shown, context=line.context)

    def _in_line(self, line: _Line, name: str, *, eager: bool, failed: set[str]) -> Iterator[Hit]:
        seen: set[tuple[str, str]] = set()
        known: dict[str, object] = {"filename": name, "line": line.shown, "line_number": 1, "context": line.context}
        known["enable_eager_search"] = eager
        for plugin, wanted in self.plugins:
            kind = type(plugin).__name__
            if kind in failed:
                continue
            try:
                secrets = plugin.analyze_line(**{key: known[key] for key in wanted if key in known})
                values = [secret.secret_value for secret in secrets or ()]
            except MemoryError:
                raise
            except Exception:  # a plugin of the user may fail in any way, and its message may hold the line
                failed.add(kind)
                continue
            for value in values:
                if not value or _any(
                    self._secret_filters,
                    failed,
                    secret=value,
                    plugin=plugin,
                    filename=name,
                    line=line.shown,
                    context=line.context,
                ):
                    continue
                value = _trimmed(value, plugin)
                if (plugin.secret_type, value) not in seen:
                    seen.add((plugin.secret_type, value))
                    yield from _hits_of(plugin, value, line)


def _lines(regions: Iterable[Region]) -> Iterator[_Line]:
    for region in regions:
        index = LineIndex(region.text)
        texts = [index.line_text(number) for number in range(len(index.starts))]
        for number, text in enumerate(texts):
            yield _Line(
                region, index.starts[number], text, _BLANKS.sub(" ", text.rstrip()), get_code_snippet(texts, number + 1)
            )


def _any(filters: Iterable[Filter], failed: set[str], **arguments: object) -> bool:
    for each in filters:
        try:
            if call_function_with_arguments(cast("Callable[..., bool]", each), **arguments):
                return True
        except TypeError:
            continue  # as detect-secrets does: the filter wants something that is not known here
        except Exception:  # a filter of the user
            failed.add(each.path)
    return False


def _may_skip(each: Filter, line: _Line) -> bool:
    """Whether running a filter can matter: these two take most of detect-secrets' time and rarely say anything."""
    if each.path == _ALLOWLIST:
        return "pragma" in line.text or "pragma" in line.context.previous_line
    return each.path != _REFERENCE or _CALL.search(line.shown) is not None


def _is_bare(language: str) -> bool:
    known = LANGUAGES.get(language)
    return known is not None and known.family == "config" and known.bare_values


def _trimmed(value: str, plugin: Plugin) -> str:
    """A value without what some plugins' patterns take along: quotes, separators and, unquoted, the name before it."""
    if plugin.secret_type not in SECRET_TYPES:
        return value
    value = value.lstrip(" \t\"'=:").rstrip(" \t\"'")
    if isinstance(plugin, HighEntropyStringsPlugin) and (name := _ASSIGNED.match(value)):
        return value[name.end() :]
    return value


def _hits_of(plugin: Plugin, value: str, line: _Line) -> Iterator[Hit]:
    known = SECRET_TYPES.get(plugin.secret_type)
    standing = known.standing if known else Standing.OWN
    if len(value) < _LEAST_SIZE.get(standing, 1):
        return
    evidence = f'{OWN}plugin "{type(plugin).__name__}"' if known is None else _EVIDENCE[standing]
    confidence = Confidence.MEDIUM if standing >= Standing.VENDOR else Confidence.LOW
    for start, end in _places(line.text, value):
        begin = line.offset + start
        if standing is not Standing.RANDOM or _looks_random(
            cast("HighEntropyStringsPlugin", plugin), value, line, begin
        ):
            at = line.region.offset + begin
            yield Hit("detect-secrets", plugin.secret_type, at, at + end - start, confidence, evidence, known is None)


def _places(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Where a value stands in a line, each time; its blanks may be more than the plugin was shown."""
    pattern = re.escape(value) if value in text else r"\s+".join(re.escape(part) for part in value.split(" "))
    for match in re.finditer(pattern, text):
        yield match.span()


_EVIDENCE = {Standing.VENDOR: "format only", Standing.KEYWORD: "near a telling name", Standing.RANDOM: "looks random"}


def _looks_random(plugin: HighEntropyStringsPlugin, value: str, line: _Line, begin: int) -> bool:
    """Whether a value of the entropy plugins is worth a word: no digest, no identifier, and of hexadecimal only what a name
    near calls a secret."""
    if _DIGEST.fullmatch(value) or plugin.calculate_shannon_entropy(value) <= plugin.entropy_limit:
        return False
    if _HEX.fullmatch(value):
        return word_near(line.region, begin, begin + len(value), _TELLING) is not None
    return randomness(value) >= _LEAST_RANDOMNESS
