"""A detect-secrets baseline (`.secrets.baseline`) as settings: which plugins and filters run, and what is not taken from it.

A baseline lies in the repository, and what it names is run: plugin files, filter files, filters by their import path. Files
are only run where the user allows it, import paths only below detect-secrets' own filters, and nothing is ever verified over
the network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from attrs import frozen
from detect_secrets.core import baseline as baselines
from detect_secrets.core.plugins import util as plugin_classes
from detect_secrets.plugins.base import BasePlugin

from tightlip.detect.deep.protocol import Problem, Settings

Entry = Mapping[str, object]

_VERIFICATION = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
_OWN_FILTERS = "detect_secrets.filters."
_NEEDS = {"detect_secrets.filters.wordlist.": "ahocorasick", "detect_secrets.filters.gibberish.": "gibberish_detector"}
_SCHEME = "file://"


@frozen
class Configuration:
    """What detect-secrets is set up with."""

    plugins: tuple[Entry, ...]
    filters: tuple[Entry, ...] | None = None
    """None: detect-secrets' defaults."""
    problems: tuple[Problem, ...] = ()

    def as_detect_secrets(self) -> dict[str, object]:
        """The form `detect_secrets.settings.transient_settings` takes."""
        settings: dict[str, object] = {"plugins_used": [dict(plugin) for plugin in self.plugins]}
        if self.filters is not None:
            settings["filters_used"] = [dict(each) for each in self.filters]
        return settings


def default_plugins() -> tuple[Entry, ...]:
    """All plugins detect-secrets comes with."""
    return tuple({"name": name} for name in sorted(_classes()))


def configuration(settings: Settings) -> Configuration:
    """Settings of the user's baseline, or the defaults; what is left out of it is told in `problems`. Never raises."""
    own: list[Problem] = []
    named = tuple(_named(settings.plugins, own))
    found = _from_baseline(settings)
    return Configuration(found.plugins + named, found.filters, (*found.problems, *own))


def _named(files: Iterable[str], problems: list[Problem]) -> Iterator[Entry]:
    """The plugins in files that the policy names."""
    for file in map(Path, files):
        try:
            names = list(_by_name(plugin_classes.get_plugins_from_file(str(file))))
        except Exception as error:  # it is code of the user
            problems.append(_problem(f'The plugin file "{file.name}" cannot be used ({type(error).__name__})'))
            continue
        for name in names:
            yield {"name": name, "path": f"{_SCHEME}{file}"}


def _from_baseline(settings: Settings) -> Configuration:
    if settings.baseline is None:
        return Configuration(default_plugins())
    file = Path(settings.baseline)
    problems: list[Problem] = []
    try:
        data = _mapping(json.loads(file.read_text(encoding="utf-8-sig")))
        data = _mapping(baselines.upgrade(dict(data)))
    except OSError as error:
        problems.append(_problem(f"{file.name} cannot be read ({error.strerror or type(error).__name__})"))
        return Configuration(default_plugins(), None, tuple(problems))
    except Exception:  # any text may stand where a baseline is expected
        problems.append(_problem(f"{file.name} is not a detect-secrets baseline"))
        return Configuration(default_plugins(), None, tuple(problems))
    folder = file.resolve().parent
    plugins = default_plugins()
    if (listed := _entries(data, "plugins_used")) is not None:
        plugins = tuple(_plugins(listed, folder, settings, problems))
    filters = None
    if (listed := _entries(data, "filters_used")) is not None:
        filters = tuple(_filters(listed, folder, settings, problems))
    return Configuration(plugins, filters, tuple(problems))


def _plugins(entries: list[Entry], folder: Path, settings: Settings, problems: list[Problem]) -> Iterator[Entry]:
    known = _classes()
    for entry in entries:
        name, path = entry.get("name"), entry.get("path")
        options = {key: value for key, value in entry.items() if key not in ("name", "path")}
        if isinstance(path, str) and path.startswith(_SCHEME):
            file = folder / path.removeprefix(_SCHEME)
            if not settings.run_baseline_code:
                problems.append(_not_run("plugin", file))
                continue
            try:
                found = _by_name(plugin_classes.get_plugins_from_file(str(file)))
                found[str(name)](**options)
            except Exception as error:  # it is code of the user
                problems.append(_problem(f'The plugin file "{file.name}" cannot be used ({type(error).__name__})'))
                continue
            yield {**entry, "path": f"{_SCHEME}{file}"}
        elif not isinstance(name, str) or name not in known:
            problems.append(_problem(f'detect-secrets has no plugin "{name}"; the baseline names one'))
        else:
            try:
                known[name](**options)
            except Exception:  # any value may stand in the baseline
                problems.append(_problem(f'The settings of the plugin "{name}" in the baseline cannot be used'))
                yield {"name": name}
            else:
                yield entry


def _filters(entries: list[Entry], folder: Path, settings: Settings, problems: list[Problem]) -> Iterator[Entry]:
    for entry in entries:
        path = entry.get("path")
        if path == _VERIFICATION:
            continue
        if isinstance(path, str) and path.startswith(_SCHEME):
            name, _, function = path.removeprefix(_SCHEME).partition("::")
            if settings.run_baseline_code:
                yield {**entry, "path": f"{_SCHEME}{folder / name}::{function}"}
            else:
                problems.append(_not_run("filter", folder / name))
        elif not isinstance(path, str) or not path.startswith(_OWN_FILTERS):
            problems.append(_problem(f'The filter "{path}" of the baseline is not one of detect-secrets'))
        elif missing := [
            module for start, module in _NEEDS.items() if path.startswith(start) and find_spec(module) is None
        ]:
            problems.append(_problem(f'The filter "{path}" of the baseline needs the package {missing[0]}'))
        else:
            yield entry


def _classes() -> dict[str, Callable[..., object]]:
    """detect-secrets' own plugin classes by name."""
    plugin_classes.get_mapping_from_secret_type_to_class.cache_clear()
    return _by_name(plugin_classes.get_mapping_from_secret_type_to_class().values())


def _by_name(classes: Iterable[type[BasePlugin]]) -> dict[str, Callable[..., object]]:
    return {each.__name__: each for each in classes}


def _not_run(what: str, file: Path) -> Problem:
    return _problem(
        f'The {what} file "{file.name}" of the baseline was not run: it is code of this repository.'
        " If you trust it, allow it in your own settings"
    )


def _entries(data: Entry, key: str) -> list[Entry] | None:
    value = data.get(key)
    return [_mapping(entry) for entry in cast("list[object]", value)] if isinstance(value, list) else None


def _mapping(value: object) -> Entry:
    return cast("Entry", value) if isinstance(value, dict) else {}


def _problem(sentence: str) -> Problem:
    return Problem("deep-settings", f"{sentence}.")
