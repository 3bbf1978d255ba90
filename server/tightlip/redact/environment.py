"""A secret in source -> a lookup in the environment: `"abc"` becomes `os.environ["API_KEY"]`, with the import it needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import frozen

from tightlip.finding import Span
from tightlip.redact import lookup_code, lookup_config, lookup_python
from tightlip.redact.edit import Edit
from tightlip.redact.placeholder import type_name
from tightlip.redact.site import Site, find_site
from tightlip.syntax.language import Language


@frozen
class EnvironmentEdit:
    """The edits, in the order of the text, that make a program read a value from its environment."""

    edits: tuple[Edit, ...]
    name: str
    """The variable that is read."""


Writer = Callable[[Site, str], tuple[Edit, ...] | None]

_WRITERS: dict[str, Writer] = {
    "python": lookup_python.python,
    "javascript": lookup_code.javascript,
    "typescript": lookup_code.javascript,
    "go": lookup_code.go,
    "java": lookup_code.java,
    "kotlin": lookup_code.kotlin,
    "ruby": lookup_code.ruby,
    "csharp": lookup_code.csharp,
    "php": lookup_code.php,
    "rust": lookup_code.rust,
    "shell": lookup_config.shell,
    "yaml": lookup_config.yaml,
    "terraform": lookup_config.terraform,
}

LANGUAGES = frozenset(_WRITERS)
"""Names of the languages that have an environment lookup."""


def environment_edit(
    text: str, span: Span, name: str, language: Language, path: str | None = None
) -> EnvironmentEdit | None:
    """Edits that put a lookup of the environment variable `name` in place of the value under `span`.

    None where no expression may stand (constants, annotations, patterns, comments), where the value is not in a literal of its
    own line, and for languages without such a lookup (JSON, SQL). `path` tells a GitHub workflow or compose file by its name;
    without it the text's own keys do. For Python the result compiles whenever the text does.
    """
    writer = _WRITERS.get(language.name)
    if writer is None or _NAME.fullmatch(name) is None or not 0 <= span.start < span.end <= len(text):
        return None
    edits = writer(find_site(text, span, language, path), name)
    return EnvironmentEdit(tuple(sorted(edits, key=lambda edit: edit.span)), name) if edits else None


def variable_name(text: str, span: Span, placeholder: str) -> str:
    """The name of an environment variable for a value: its field's (`db_password` -> `DB_PASSWORD`), else the placeholder's.

    The placeholder's also where the field says little (`key`, `value`) or names a variable that systems use (`PATH`).
    """
    line = text[max(text.rfind("\n", 0, span.start) + 1, span.start - 300) : span.start]
    for pattern in _FIELDS:
        match = pattern.search(line)
        if match is not None:
            name = _upper_snake(match["name"])
            if name not in _VAGUE and len(name) > 2:
                return name
            break
    return type_name(placeholder)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_VALUE = r"[rRbBuUfF@$]{0,3}[\"'`]{0,3}(?:[^\"'`=:,\s]{0,40}://)?(?:(?:Bearer|Basic|Token|token)\s+)?"
_FIELDS = (
    # name = value, name: value, name := value, "name" => value, name: Type = value
    re.compile(
        rf"(?P<name>[A-Za-z_][\w.$-]*)[\"'`\])]{{0,3}}\s*(?::\s*[A-Za-z_&][\w.<>\[\]?|&' ]*)?"
        rf"\s*(?:=>|:=|\?\?=|\|\|=|:|=)\s*\(?\s*{_VALUE}\Z"
    ),
    # ("name", "value"), os.environ["name"] is taken by the first
    re.compile(rf"[\"'](?P<name>[A-Za-z_][\w.-]*)[\"']\s*,\s*{_VALUE}\Z"),
    # setName("value"), withName("value")
    re.compile(rf"\b(?:set|with)_?(?P<name>[A-Za-z]\w*)\(\s*{_VALUE}\Z"),
    # --name value, -Dname=value is taken by the first
    re.compile(rf"--(?P<name>[A-Za-z][\w-]*)[ =]\s*{_VALUE}\Z"),
)
_VAGUE = frozenset(
    """
    KEY TOKEN SECRET VALUE VAL DATA STR STRING TEXT HEADER HEADERS AUTH AUTHORIZATION BEARER CONST VAR LET DEFAULT ID NAME ARG
    ARGS PARAM RESULT RETURN CASE ELSE CREDENTIAL CREDENTIALS CONFIG INPUT BODY URL URI CONTENT
    PATH HOME USER SHELL PWD OLDPWD LANG TERM TMPDIR TMP TEMP EDITOR PAGER DISPLAY HOST HOSTNAME LOGNAME MAIL IFS PS1 PYTHONPATH
    NODE_ENV NODE_OPTIONS GOPATH GOROOT JAVA_HOME CLASSPATH LD_PRELOAD LD_LIBRARY_PATH RUBYOPT BASH_ENV ENV
    """.split()
)


def _upper_snake(name: str) -> str:
    name = re.split(r"[.$]", name.strip("$._-"))[-1]
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
