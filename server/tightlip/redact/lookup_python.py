"""`os.environ["X"]` in Python sources."""

from __future__ import annotations

import ast
import re
import warnings
from itertools import pairwise

from tightlip.finding import Span
from tightlip.redact.edit import Edit, apply
from tightlip.redact.literals import Quoted
from tightlip.redact.site import Site
from tightlip.syntax.lines import LineIndex

_NAMED = re.compile(r"(\\N\{[^}]*\})")
_BLANK = re.compile(r"(?:[ \t\r\n\\]|#[^\n]*)*")
_MAGIC = re.compile(r"#!|#.*coding[:=]")


def python(site: Site, name: str) -> tuple[Edit, ...] | None:
    """Edits for a value in a Python string or bytes literal.

    A value that is only a part of a string makes it an f-string; a part of bytes makes it a sum. None if the text does not
    parse, or if the result would not.
    """
    bom = site.text.startswith("\ufeff")
    tree = _parse(site.text[bom:])
    if tree is None:
        return None
    lines = LineIndex(site.text)
    row = lines.line_column(site.span.start)[0] + 1
    if _is_statement(tree, row, site) or _is_shadowed(tree):
        return None
    environ, added = _environ(tree, lines, row, site.newline, bom)
    replaced = _replaced(site, environ, name)
    if replaced is None or environ == "":
        return None
    edits = (*added, replaced)
    return edits if _parse(apply(site.text, edits)[bom:]) is not None else None


def _parse(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
            compile(tree, "<text>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return tree


def _replaced(site: Site, environ: str, name: str) -> Edit | None:
    literal = site.literal
    if literal is None:
        return _several(site, environ, name)
    prefix = literal.prefix.lower()
    neighbour = site.has_neighbour()
    if site.whole and not neighbour:
        return Edit(literal.outer, _lookup(environ, name, '"', prefix))
    if "b" in prefix:
        return None if neighbour else Edit(literal.outer, site.joined(_lookup(environ, name, '"', prefix), "+"))
    field = "{" + _lookup(environ, name, "'" if literal.quote[0] == '"' else '"', "") + "}"
    if "f" in prefix:
        return Edit(site.span, field) if _braces_closed(site.before) else None
    marks = "f" + literal.prefix.replace("u", "").replace("U", "")
    body = _for_f_string(site.before) + field + _for_f_string(site.after)
    return Edit(literal.outer, f"{marks}{literal.quote}{body}{literal.quote}")


def _lookup(environ: str, name: str, quote: str, prefix: str) -> str:
    return f"{environ}[{quote}{name}{quote}]" + (".encode()" if "b" in prefix else "")


def _several(site: Site, environ: str, name: str) -> Edit | None:
    """For a value that is all of several literals written one behind the other."""
    touched = site.literals.touching(site.span)
    if len(touched) < 2 or (touched[0].span.start, touched[-1].span.end) != site.span:
        return None
    pairs = pairwise(touched)
    if not all(_BLANK.fullmatch(site.text, one.outer.end, other.outer.start) for one, other in pairs):
        return None
    outer = Span(touched[0].outer.start, touched[-1].outer.end)
    if _continues(site, touched[0], touched[-1]):
        return None
    return Edit(outer, _lookup(environ, name, '"', touched[0].prefix.lower()))


def _continues(site: Site, first: Quoted, last: Quoted) -> bool:
    before, after = site.literals.around(first)[0], site.literals.around(last)[1]
    near_before = before is not None and _BLANK.fullmatch(site.text, before.outer.end, first.outer.start)
    near_after = after is not None and _BLANK.fullmatch(site.text, last.outer.end, after.outer.start)
    return bool(near_before or near_after)


def _for_f_string(text: str) -> str:
    parts = _NAMED.split(text)
    return "".join(
        part if index % 2 else part.replace("{", "{{").replace("}", "}}") for index, part in enumerate(parts)
    )


def _braces_closed(before: str) -> bool:
    bare = before.replace("{{", "").replace("}}", "")
    return bare.count("{") == bare.count("}")


def _is_statement(tree: ast.Module, row: int, site: Site) -> bool:
    """Whether the literal is a statement of its own: a docstring."""
    if site.line.strip().strip("("):
        return False
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    texts = (node for node in statements if isinstance(node.value, ast.Constant | ast.JoinedStr))
    return any(node.lineno <= row <= (node.end_lineno or node.lineno) for node in texts)


def _is_shadowed(tree: ast.Module) -> bool:
    """Whether the name `os` means anything but the module somewhere in the text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "os" and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.arg) and node.arg == "os":
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == "os":
            return True
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            for alias in node.names:
                if (alias.asname or alias.name) == "os" and not (module is None and alias.name == "os"):
                    return True
    return False


def _environ(tree: ast.Module, lines: LineIndex, row: int, newline: str, bom: bool) -> tuple[str, tuple[Edit, ...]]:
    """How `os.environ` is called at the row, and the import that is missing for it. An empty name where none can be added."""
    for node in tree.body:
        if node.lineno > row:
            break
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "os" or (alias.name.startswith("os.") and alias.asname is None):
                    return f"{alias.asname or 'os'}.environ", ()
        elif isinstance(node, ast.ImportFrom) and node.module == "os" and not node.level:
            for alias in node.names:
                if alias.name == "environ":
                    return alias.asname or "environ", ()
    place = _import_place(tree, lines, bom)
    if place is None:
        return "", ()
    offset, above, below = place
    added = newline * above + "import os" + newline * (1 + below)
    return "os.environ", (Edit(Span(offset, offset), added),)


def _import_place(tree: ast.Module, lines: LineIndex, bom: bool) -> tuple[int, int, int] | None:
    """Where `import os` goes, and how many empty lines it needs above and below."""
    body = tree.body
    head = 1 if ast.get_docstring(tree, clean=False) is not None else 0
    while head < len(body) and _is_future(body[head]):
        head += 1
    following = body[head] if head < len(body) else None
    if isinstance(following, ast.Import | ast.ImportFrom) and following.col_offset == 0:
        if head == 0 or following.lineno > (body[head - 1].end_lineno or 0):
            return lines.starts[following.lineno - 1] + (bom and following.lineno == 1), 0, 0
        return None
    if head:
        end = body[head - 1].end_lineno or body[head - 1].lineno
        if following is None or following.lineno == end:
            return None
        return lines.starts[end], 1, int(bool(lines.line_text(end).strip()))
    count = _header(lines)
    blank_follows = count < len(lines.starts) and not lines.line_text(count).strip()
    if (
        count
        and blank_follows
        and not all(_MAGIC.match(lines.line_text(line).lstrip("\ufeff")) for line in range(count))
    ):
        return lines.starts[count + 1], 0, 1
    offset = lines.starts[count]
    return (max(offset, int(bom)), 0, 0 if blank_follows else 1)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _header(lines: LineIndex) -> int:
    """How many lines at the top are comments of the file: `#!`, the encoding, and a block that ends with an empty line."""
    count = 0
    while count < len(lines.starts) and lines.line_text(count).lstrip("\ufeff").startswith("#"):
        count += 1
    if count < len(lines.starts) and not lines.line_text(count).strip():
        return count if count + 1 < len(lines.starts) else 0
    magic = 0
    while magic < min(count, 2) and _MAGIC.match(lines.line_text(magic).lstrip("\ufeff")):
        magic += 1
    return magic
