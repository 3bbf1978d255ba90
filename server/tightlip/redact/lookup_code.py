"""Environment lookups in JavaScript, TypeScript, Go, Java, Kotlin, Ruby, C#, PHP and Rust."""

from __future__ import annotations

import re

from tightlip.finding import Span
from tightlip.redact.edit import Edit
from tightlip.redact.site import Site

Edits = tuple[Edit, ...] | None

_CASE = re.compile(r"\bcase\b[^:{};>]*\Z")


def javascript(site: Site, name: str) -> Edits:
    """`process.env.X`; a part of a string makes it a template literal; a JSX attribute gets braces."""
    literal, lookup = site.literal, f"process.env.{name}"
    if literal is None or _is_js_name(site):
        return None
    if literal.quote == "`":
        if _in_substitution(site.before):
            return None
        tagged = re.search(r"[\w$)\]]\Z", site.left) is not None
        if site.whole and not tagged:
            return (Edit(literal.outer, lookup),)
        return (Edit(site.span, f"${{{lookup}}}"),)
    jsx = _JSX_ATTRIBUTE.search(site.left) is not None
    if site.whole:
        return (Edit(literal.outer, f"{{{lookup}}}" if jsx else lookup),)
    if jsx and re.search(r"[\\`$&]", site.before + site.after):
        return None
    template = f"`{_for_template(site.before)}${{{lookup}}}{_for_template(site.after)}`"
    return (Edit(literal.outer, f"{{{template}}}" if jsx else template),)


_JSX_ATTRIBUTE = re.compile(r"<[A-Za-z][\w.:-]*(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|\{[^{}]*\}))?)*\s+[\w:-]+=\Z")
_JS_IMPORT = re.compile(
    r"\b(?:from|import|require\s*\(|as|extends)\s*\Z|^\s*(?:export\s+)?(?:declare\s+)?type\s+\w+[^=\n]*=[^;\n]*\Z", re.M
)


def _is_js_name(site: Site) -> bool:
    """Whether the literal is a module, a type or a property's name."""
    if _JS_IMPORT.search(site.left):
        return True
    return re.match(r"\s*:(?!:)", site.right) is not None and re.search(r"[{,]\s*\Z", site.left) is not None


def _in_substitution(before: str) -> bool:
    """Whether a `${` of a template literal is still open behind the text."""
    depth = 0
    for match in re.finditer(r"\\.|\$\{|[{}]", before):
        if match[0] == "${" or (match[0] == "{" and depth):
            depth += 1
        elif match[0] == "}" and depth:
            depth -= 1
    return depth > 0


def _for_template(text: str) -> str:
    return text.replace("`", "\\`").replace("${", "\\${")


def go(site: Site, name: str) -> Edits:
    """`os.Getenv("X")`, with the import of `os`. None in constants, struct tags and imports."""
    literal = site.literal
    if literal is None or _GO_CONST.search(site.statement) or _GO_TAG.search(site.line):
        return None
    for bracket, before in site.openers():
        if bracket == "(" and re.search(r"\b(?:const|import)\s*\Z", before):
            return None
    imported = _go_import(site)
    if imported is None:
        return None
    package, edits = imported
    return (*edits, Edit(literal.outer, site.joined(f'{package}Getenv("{name}")', "+")))


_GO_CONST = re.compile(r"^\s*(?:const|import)\b[^\n]*\Z", re.MULTILINE)
_GO_TAG = re.compile(r"^\s*\w+\s+[\w.*\[\]]+\s+\Z")
_GO_IMPORT = re.compile(
    r'^import[ \t]*(?:\((?P<block>[^)]*)\)|(?:(?P<as>[\w.]+)[ \t]+)?"(?P<one>[^"\n]+)")', re.MULTILINE
)
_GO_SPEC = re.compile(r'^[ \t]*(?:(?P<as>[\w.]+)[ \t]+)?"(?P<path>[^"\n]+)"', re.MULTILINE)
_GO_PACKAGE = re.compile(r"^package[ \t]+\w+[^\r\n]*", re.MULTILINE)


def _go_import(site: Site) -> tuple[str, tuple[Edit, ...]] | None:
    """What stands before `Getenv`, and the edit that imports it."""
    declarations = [one for one in _GO_IMPORT.finditer(site.text) if one["one"] != "C"]
    for one in declarations:
        block = one["block"]
        specs = (
            [(s["as"], s["path"]) for s in _GO_SPEC.finditer(block)] if block is not None else [(one["as"], one["one"])]
        )
        for alias, path in specs:
            if path == "os" and alias != "_":
                return ("" if alias == "." else f"{alias or 'os'}."), ()
    newline = site.newline
    for one in declarations:
        if one["block"] is not None:
            at = one.start("block")
            for spec in _GO_SPEC.finditer(one["block"].split(newline * 2)[0]):
                if spec["path"] > "os":
                    return "os.", (_insert(at + spec.start(), f'\t"os"{newline}'),)
            if newline not in one["block"]:
                return "os.", (_insert(one.end(), f'{newline}import "os"'),)
            first_group = one["block"].split(newline * 2)[0].rstrip()
            return "os.", (_insert(at + len(first_group), f'{newline}\t"os"'),)
        return "os.", (_insert(one.end(), f'{newline}import "os"'),)
    package = _GO_PACKAGE.search(site.text)
    if package is None:
        return None
    return "os.", (_insert(package.end(), f'{newline}{newline}import "os"'),)


def java(site: Site, name: str) -> Edits:
    """`System.getenv("X")`. None in annotations, which need constants, in `case` and inside text blocks."""
    literal = site.literal
    if literal is None or _CASE.search(site.statement) or _in_annotation(site):
        return None
    if len(literal.quote) == 3 and not site.whole:
        return None
    return (Edit(literal.outer, site.joined(f'System.getenv("{name}")', "+")),)


def kotlin(site: Site, name: str) -> Edits:
    """`System.getenv("X")`, inside a string as `${...}`. None in annotations and `const val`."""
    literal, lookup = site.literal, f'System.getenv("{name}")'
    if literal is None or re.search(r"\bconst\s+val\b[^\n]*\Z", site.statement) or _in_annotation(site):
        return None
    return (Edit(literal.outer, lookup) if site.whole else Edit(site.span, f"${{{lookup}}}"),)


def _in_annotation(site: Site) -> bool:
    return any(bracket == "(" and re.search(r"@[\w.:]+\s*\Z", before) for bracket, before in site.openers())


def ruby(site: Site, name: str) -> Edits:
    """`ENV.fetch("X")`, inside a double-quoted string as `#{...}`. None where the literal is a key (`"x": 1`)."""
    literal, lookup = site.literal, f'ENV.fetch("{name}")'
    if (
        literal is None
        or re.match(r":(?!:)", site.right)
        or re.search(r"\brequire(?:_relative)?\s*\(?\s*\Z", site.left)
    ):
        return None
    joined = site.has_neighbour()
    if literal.quote == "'":
        return None if joined else (Edit(literal.outer, site.joined(lookup, "+")),)
    if site.whole and not joined and literal.quote != "`":
        return (Edit(literal.outer, lookup),)
    return (Edit(site.span, f"#{{{lookup}}}"),)


def csharp(site: Site, name: str) -> Edits:
    """`Environment.GetEnvironmentVariable("X")`, with `using System;`. None in constants, attributes, `case` and defaults."""
    literal, statement = site.literal, site.statement
    if literal is None or _CASE.search(statement) or re.search(r"\bconst\b", statement) or len(literal.quote) == 3:
        return None
    if "$" in literal.prefix and site.before.replace("{{", "").count("{") != site.before.replace("}}", "").count("}"):
        return None
    for bracket, before in site.openers():
        if bracket == "[" and re.search(r"(?:^|[;{}\])])\s*\Z", before):
            return None
        if bracket == "(" and _CSHARP_DEFAULT.search(site.left[-(len(site.left) - len(before) - 1) :]):
            return None
    lookup = f'Environment.GetEnvironmentVariable("{name}")'
    return (*_csharp_using(site), Edit(literal.outer, site.joined(lookup, "+")))


_CSHARP_DEFAULT = re.compile(r"(?:^|,)\s*[\w.<>?\[\]]+\s+\w+\s*=\s*\Z")
_CSHARP_USING = re.compile(r"^[ \t]*(?:global[ \t]+)?using[ \t]+(?P<what>[^;\n]+);", re.MULTILINE)


def _csharp_using(site: Site) -> tuple[Edit, ...]:
    usings = list(_CSHARP_USING.finditer(site.text))
    if any(one["what"].strip() == "System" for one in usings):
        return ()
    plain = [one for one in usings if not one[0].lstrip().startswith("global")]
    if plain:
        return (_insert(plain[0].start(), f"using System;{site.newline}"),)
    last = usings[-1].end() if usings else 0
    if last:
        return (_insert(last, f"{site.newline}using System;"),)
    return (_insert(1 if site.text.startswith("\ufeff") else 0, f"using System;{site.newline}{site.newline}"),)


def php(site: Site, name: str) -> Edits:
    """`getenv('X')`, joined with a dot. None in constants, property and parameter defaults and attributes."""
    literal = site.literal
    if literal is None or _PHP_CONSTANT.search(site.statement):
        return None
    for bracket, before in site.openers():
        if bracket == "(" and re.search(r"\b(?:function\s*&?\s*\w*|fn\s*&?)\s*\Z", before):
            return None
        if bracket == "[" and before.endswith("#"):
            return None
        if bracket in "[(" and _PHP_CONSTANT.search(re.split(r"[;{}]", before)[-1]):
            return None
    return (Edit(literal.outer, site.joined(f"getenv('{name}')", ".")),)


_PHP_CONSTANT = re.compile(r"\b(?:const|public|private|protected|static|var|readonly|case)\b[^;{}()]*\Z")


def rust(site: Site, name: str) -> Edits:
    """`&std::env::var("X").expect("X is not set")`, which a function that takes `&str` accepts; `format!` for a part.

    None in `const` and `static`, attributes, patterns, byte strings, where a macro needs a literal, and where the text itself
    is what a function returns, since a borrowed `String` cannot be.
    """
    literal = site.literal
    if literal is None or literal.prefix.lower() in ("b", "br", "c", "cr"):
        return None
    if re.search(r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const|static)\b", site.statement, re.MULTILINE):
        return None
    if re.match(r"\s*(?:=>|\|(?!\|))", site.right) or re.search(r"!\s*[(\[{]\s*\Z", site.left):
        return None
    if re.search(r"(?:\breturn|=>)\s*\Z", site.left) or (not site.statement.strip() and re.match(r"\s*\}", site.right)):
        return None
    for bracket, before in site.openers():
        if (bracket == "[" and re.search(r"#!?\Z", before)) or _RUST_MACRO.search(before):
            return None
    lookup = f'std::env::var("{name}").expect("{name} is not set")'
    reference = "" if re.match(r"\s*\.(?!\.)", site.right) else "&"
    if site.whole:
        return (Edit(literal.outer, reference + lookup),)
    head = site.text[literal.outer.start : literal.span.start]
    tail = site.text[literal.span.end : literal.outer.end]
    body = f"{_for_format(site.before)}{{}}{_for_format(site.after)}"
    return (Edit(literal.outer, f"{reference}format!({head}{body}{tail}, {lookup})"),)


_RUST_MACRO = re.compile(r"\b(?:concat|env|option_env|include_str|include_bytes|include|compile_error)!\s*\Z")


def _for_format(text: str) -> str:
    # \u{...} keeps its braces: it is read before the format is
    parts = re.split(r"(\\u\{[0-9A-Fa-f_]+\})", text)
    return "".join(
        part if index % 2 else part.replace("{", "{{").replace("}", "}}") for index, part in enumerate(parts)
    )


def _insert(offset: int, text: str) -> Edit:
    return Edit(Span(offset, offset), text)
