"""A field's candidate -> finding: which name, where its value begins and ends in the document's language."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from tightlip.detect.apart import name_apart, name_behind
from tightlip.detect.confirm import UNSURE, Context, confirm_value
from tightlip.detect.fieldname import Assignment, assignment_before, start_of_literal
from tightlip.detect.randomness import randomness
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.finding import Category, Confidence, Finding, Span
from tightlip.syntax.joined import block_at, joined
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import LIMIT, Literal, literal_at, phrases_at, value_of
from tightlip.syntax.unpacked import unpacked
from tightlip.syntax.wrapped import wrapped_at

_QUERY_VALUE = lazy(r"[^\s\"'`<>&#]{1,4096}")
_TYPED = lazy(r"[ \t]*[A-Za-z_][\w\[\]., |?<>*&:'\"]{0,60}?=[ \t]*(?!=)")
_TYPED_LANGUAGES = frozenset({"python", "typescript", "kotlin", "swift", "rust", "scala", "dart"})
_READER = lazy(r"(?i)(?:get|fetch|load|read|find|lookup|resolve|prompt|ask|is|has|check|delete|remove)(?=[_A-Z])")
"""Names of calls whose argument says which value, and is not the value."""
_NO_LITERAL = lazy(
    r"[A-Za-z_](?:[A-Za-z_.]{0,63}[ \t]*(?:[,;)\]}\r\n]|\Z)|[^\n\"'`0-9<{%]{0,200}[^\n\"'`0-9<{%(\[,=+\\|&?:>-][ \t]*(?:\n|\Z))"
)
"""What stands for a value in code and is none: a name with nothing behind it, or an expression in which there is neither a
digit nor a quote and which ends with its line."""
_THREE_QUOTES = frozenset(('"""', "'''"))
_CALL = lazy(r"[A-Za-z_][\w.]{0,80}\(")
_DSL = frozenset({"groovy", "terraform", "nginx"})
"""Languages in which a name and a string beside it are a setting."""
_WORD = lazy(r"(?=[^\s\"'`<>;,&\\(){}\[\]|]{0,64}[0-9])[^\s\"'`<>;,&\\(){}\[\]|]{8,512}(?![^\s\"'`<>;,&\\(){}\[\]|])")
_UP_TO = {
    "}": lazy(r"[^\s\"'`{}$]+(?=[\"']?\})"),
    " ": lazy(r"[^\s\"'`,;|<>]+(?<![.)\]}])"),
}


@frozen
class _Field:
    """A field: its name as it stands, and the rules that know it."""

    name: str
    rules: tuple[Rule, ...]

    @property
    def is_secret(self) -> bool:
        return any(rule.category is Category.SECRET for rule in self.rules)


def confirm_field(ruleset: Ruleset, end: int, context: Context) -> list[Finding]:
    """The findings of a field whose value's first character ends at `end`, by the best rule that knows the field's name.

    More than one where several names and values stand in one assignment.
    """
    text = context.text
    if context.language.bare_values and text[end - 2] == "(" and _BRACKET.match(text, end - 4, end - 1):
        end -= 1  # of a telephone number: `phone: (171) ...`
    if context.language.family == "code":
        if text[end - 2] in " \t=:(,":
            if _NO_LITERAL.match(text, end - 1):
                return []
        elif text[end - 4 : end - 1] in _THREE_QUOTES and _is_docstring(text, end - 4, context.language):
            return []
    assignment = assignment_before(text, end - 1)
    value = assignment.value if assignment is not None else start_of_literal(text, end - 1)
    several = unpacked(text, value, context.language)
    if several:
        return list(_of_several(ruleset, several, context))
    finding = _of_field(ruleset, assignment, end, context)
    return [finding] if finding is not None else []


def _of_several(ruleset: Ruleset, several: list[tuple[Span, Literal]], context: Context) -> Iterator[Finding]:
    """The findings of `user, password = "x", "y"`."""
    for place, literal in several:
        name = context.text[place.start : place.end]
        rules = ruleset.lexicon.lookup(name)
        finding = _of_literal(ruleset, _Field(name, rules), literal, context) if rules else None
        if finding is not None:
            yield finding


def _of_field(ruleset: Ruleset, assignment: Assignment | None, end: int, context: Context) -> Finding | None:
    text = context.text
    for start, stop in assignment.names if assignment is not None else ():
        name = text[start:stop]
        rules = ruleset.lexicon.lookup(name)
        value = assignment.value if assignment is not None else end - 1
        between = text[stop:value]
        if not rules or ")(" in between or ("(" in between and _READER.match(name.rpartition(" ")[2])):
            continue
        if context.language.name == "typescript" and name.removeprefix("export ").startswith("type "):
            return None  # the text is a type
        if text.startswith("${", start - 2):
            break
        if context.language.family == "prose" and (mark := _BOLD_END.match(text, value)) is not None:
            value = mark.end()
        field = _Field(name, rules)
        if context.language.family == "code" and _CALL.match(text, value) and not field.is_secret:
            return None
        literal = _literal(text, value, context.language, in_query=start > 0 and text[start - 1] in "?&")
        if literal is not None:
            if not literal.quote and context.language.family == "prose" and _LABEL.match(text, stop, value):
                return _of_phrase(ruleset, field, literal, context)
            return _of_literal(ruleset, field, literal, context)
        return _of_expression(ruleset, field, value, context)
    else:
        if assignment is not None and not _may_stand_between(text, assignment.names[0], assignment.value):
            return None
    return _of_value_apart(ruleset, end - 1, context)


def _is_docstring(text: str, opening: int, language: Language) -> bool:
    """Whether the string that begins at `opening` is the first line of what a head in Python begins: `def f(token):`."""
    head = text[max(0, opening - 80) : opening].rstrip("rRuU")
    before = head.rstrip()
    return (
        language.name == "python" and before[-1:] == ":" and before[-2:-1] not in "\"'`" and "\n" in head[len(before) :]
    )


def _may_stand_between(text: str, name: Span, value: int) -> bool:
    """Whether what stands where names do may be something between the name and the value."""
    word = text[name.start : name.end].rpartition(" ")[2].rpartition(".")[2]
    if not word[-1:].isalnum() or word.isdigit() or text[value - 1] == ">":
        return True
    return word.lower() in _BETWEEN or "value" in text[name.end : value].lower()


_BETWEEN = frozenset(
    """
    default fallback default_value fallback_value defaultvalue defaultval value content parametervalue string str text char varchar
    nvarchar progmem set is to get equals equalsignorecase eql unwrap_or or_else orelse getorelse getordefault ordefault
    """.split()
)


def _of_literal(
    ruleset: Ruleset, field: _Field, literal: Literal, context: Context, *, sure: bool = True, listed: bool = False
) -> Finding | None:
    text = context.text
    if not literal.pieces:
        literal = joined(text, literal, context.language, listed=listed)
    if literal.quote and not literal.pieces:
        literal = _without_inner_quotes(text, literal)
    meaning = value_of(text, literal) if literal.pieces else None if field.is_secret else _decoded(text, literal)
    return confirm_value(ruleset, field.rules, literal.span, context, f'field "{field.name}"', meaning, sure=sure)


def _decoded(text: str, literal: Literal) -> str | None:
    """What a bare value of a query or form says whose characters are percent-encoded (WHATWG URL, 5.1); None for any other."""
    start, end = literal.span
    if literal.quote or text[start - 1 : start] != "=" or not _ENCODED.search(text, start, end):
        return None
    if not _IN_FORM.search(text, max(0, start - 160), start):
        return None
    from urllib.parse import unquote_plus  # few texts need it

    return unquote_plus(text[start:end])


_ENCODED = lazy(r"%[0-9A-Fa-f]{2}|\+")
_IN_FORM = lazy(r"[?&][\w.\[\]%-]{1,64}=\Z")


def _of_phrase(ruleset: Ruleset, field: _Field, literal: Literal, context: Context) -> Finding | None:
    """The finding of personal data of several words behind a label (`Full name: `), else of the first word."""
    if not field.is_secret:
        for span in phrases_at(context.text, literal.span.start):
            found = _of_literal(ruleset, field, Literal(span, ""), context)
            if found is not None:
                return None if found.confidence is Confidence.LOW and _is_sentence(found.value) else found
    return _of_literal(ruleset, field, literal, context)


def _is_sentence(value: str) -> bool:
    """Whether a text of any words is somebody's explanation (`Diagnosis: the pool is exhausted`) and no value."""
    return value.count(" ") >= _WORDS_OF_A_SENTENCE or _SENTENCE.match(value) is not None


_BOLD_END = lazy(r"(?:\*\*|__)[ \t]+")
_BRACKET = lazy(r"[:=][ \t]\(")
_LABEL = lazy(r"[*_]{0,2}[ \t]*(?::[ \t]*[*_]{0,2}[ \t]+|[ \t]=[ \t]+)\Z")
_SENTENCE = lazy(
    r"(?i)(?:the|an?|this|that|these|those|it|its|is|are|was|see|to|in|on|if|when|we|you|your|our|use|run|not|no|as|for|from|any|all|please"
    r"|optional|required|ein|eine|wir|siehe|bitte|un|une|voir|una|ver|vedi)\b(?![.-])"
    r"|(?:der|die|das|le|la|les|el|los|il) (?-i:[a-zà-ÿ])"
)
_WORDS_OF_A_SENTENCE = 6


def _of_expression(ruleset: Ruleset, field: _Field, offset: int, context: Context) -> Finding | None:
    """The finding of a secret that a block, an expression or a string around name and value holds."""
    text, language = context.text, context.language
    if not field.is_secret:
        return None
    if (block := block_at(text, offset, language)) is not None:
        return _of_literal(ruleset, field, block, context)
    if language.bare_values:
        return None
    if (wrapped := wrapped_at(text, offset, language)) is not None:
        if _READER.match(wrapped.called):
            return None
        return _of_literal(ruleset, field, wrapped.literal, context, sure=wrapped.sure, listed=wrapped.listed)
    return _of_word(ruleset, field, offset, context)


def _of_word(ruleset: Ruleset, field: _Field, offset: int, context: Context) -> Finding | None:
    """The finding of a word that looks generated, in a string or comment of code that holds its name too."""
    text, language = context.text, context.language
    word = _WORD.match(text, offset, offset + LIMIT)
    if word is None or not _in_string_or_comment(text, offset, language) or randomness(word[0]) < UNSURE:
        return None
    return confirm_value(ruleset, field.rules, Span(*word.span()), context, f'field "{field.name}"', sure=False)


def _of_value_apart(ruleset: Ruleset, first: int, context: Context) -> Finding | None:
    """The finding of a secret whose name stands apart from the value that has its first character at `first`."""
    text, language = context.text, context.language
    value = start_of_literal(text, first)
    apart = name_apart(text, value)
    for start, stop in apart.names if apart is not None else ():
        field = _Field(text[start:stop], ruleset.lexicon.lookup(text[start:stop]))
        if not field.is_secret or apart is None:
            continue
        sure = apart.sure or language.name in _DSL
        is_bare = value == first and language.family != "markup"
        if is_bare and apart.ends:
            match = _UP_TO[apart.ends].match(text, value + (text[value] in "-=" and apart.ends == "}"), value + LIMIT)
            if match is None or (apart.ends != "}" and not language.bare_values):
                return _of_word(ruleset, field, value, context)
            return _of_literal(ruleset, field, Literal(Span(*match.span()), ""), context, sure=sure)
        literal = literal_at(text, value, language)
        if literal is not None:
            return _of_literal(ruleset, field, literal, context, sure=sure)
        return _of_expression(ruleset, field, value, context)
    return _of_name_behind(ruleset, value, context) if apart is None else None


def _of_name_behind(ruleset: Ruleset, value: int, context: Context) -> Finding | None:
    text = context.text
    literal = literal_at(text, value, context.language)
    behind = name_behind(text, value, literal.span.end) if literal is not None and literal.quote else None
    if literal is None or behind is None:
        return None
    field = _Field(text[behind.start : behind.end], ruleset.lexicon.lookup(text[behind.start : behind.end]))
    return _of_literal(ruleset, field, literal, context) if field.is_secret else None


def _literal(text: str, offset: int, language: Language, *, in_query: bool) -> Literal | None:
    if in_query and (value := _QUERY_VALUE.match(text, offset)):
        return Literal(Span(*value.span()), "")
    found = literal_at(text, offset, language)
    if found is None and language.name in _TYPED_LANGUAGES and (typed := _TYPED.match(text, offset)):
        found = literal_at(text, typed.end(), language)
    return found


def _without_inner_quotes(text: str, literal: Literal) -> Literal:
    """The literal without quotes that are the first and last characters of its content: `"\\"x\\""`, `'"x"'`."""
    start, end = literal.span
    for quote in ('\\"', '"', "'"):
        size = len(quote)
        if end - start > 2 * size and text.startswith(quote, start) and text.endswith(quote, start + size, end):
            return Literal(Span(start + size, end - size), literal.quote)
    return literal


def _in_string_or_comment(text: str, offset: int, language: Language) -> bool:
    """Whether a quote is open before `offset` on its line, or a comment has begun; judged by `_NEAR` code points."""
    low = max(0, offset - _NEAR)
    near = text[max(text.rfind("\n", low, offset) + 1, low) : offset]
    if any(near.count(quote[0]) % 2 for quote in language.quotes):
        return True
    return any(mark in near for mark in language.line_comments) or near.lstrip().startswith("*")


_NEAR = 400
