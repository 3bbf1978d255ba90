"""Which language a text is written in, as far as it matters: comments, string quotes, whether a value may stand bare."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal as OneOf

from attrs import frozen

from tightlip.syntax.lazy import lazy

Family = OneOf["code", "config", "data", "markup", "prose"]


@frozen
class Language:
    """What is known of a language.

    `family` is `code` (values are string literals, a bare word is a name), `config` (bare values are values),
    `data` (tables), `markup` (attributes and elements) or `prose`.
    """

    name: str
    family: Family
    line_comments: tuple[str, ...] = ()
    block_comments: tuple[tuple[str, str], ...] = ()
    quotes: tuple[str, ...] = ('"', "'")
    bare_values: bool = False
    """Whether an unquoted word after a separator is a value (YAML, .env) and not a name (Python)."""


_C = (("/*", "*/"),)
_HTML = (("<!--", "-->"),)

_ALL = (
    Language("python", "code", ("#",), (), ('"""', "'''", '"', "'")),
    Language("javascript", "code", ("//",), _C, ('"', "'", "`")),
    Language("typescript", "code", ("//",), _C, ('"', "'", "`")),
    Language("go", "code", ("//",), _C, ('"', "`")),
    Language("java", "code", ("//",), _C, ('"""', '"')),
    Language("kotlin", "code", ("//",), _C, ('"""', '"')),
    Language("scala", "code", ("//",), _C, ('"""', '"')),
    Language("groovy", "code", ("//",), _C, ('"""', "'''", '"', "'")),
    Language("csharp", "code", ("//",), _C, ('"""', '"')),
    Language("c", "code", ("//",), _C, ('"',)),
    Language("rust", "code", ("//",), _C, ('"',)),
    Language("swift", "code", ("//",), _C, ('"""', '"')),
    Language("dart", "code", ("//",), _C, ('"""', "'''", '"', "'")),
    Language("ruby", "code", ("#",), (("=begin", "=end"),), ('"', "'", "`")),
    Language("php", "code", ("//", "#"), _C, ('"', "'")),
    Language("perl", "code", ("#",), (), ('"', "'")),
    Language("lua", "code", ("--",), (("--[[", "]]"),), ('"', "'")),
    Language("elixir", "code", ("#",), (), ('"""', '"', "'")),
    Language("r", "code", ("#",), (), ('"', "'")),
    Language("clojure", "code", (";",), (), ('"',)),
    Language("haskell", "code", ("--",), (("{-", "-}"),), ('"',)),
    Language("powershell", "code", ("#",), (("<#", "#>"),), ('"', "'")),
    Language("sql", "code", ("--", "#"), _C, ("'", '"')),
    Language("shell", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("dockerfile", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("makefile", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("batch", "config", ("REM ", "::"), (), ('"',), bare_values=True),
    Language("yaml", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("toml", "config", ("#",), (), ('"""', "'''", '"', "'"), bare_values=True),
    Language("ini", "config", ("#", ";"), (), ('"', "'"), bare_values=True),
    Language("properties", "config", ("#", "!"), (), (), bare_values=True),
    Language("dotenv", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("terraform", "config", ("#", "//"), _C, ('"',)),
    Language("nginx", "config", ("#",), (), ('"', "'"), bare_values=True),
    Language("netrc", "config", ("#",), (), (), bare_values=True),
    Language("json", "data", (), (), ('"',)),
    Language("jsonc", "data", ("//",), _C, ('"',)),
    Language("csv", "data", (), (), ('"',), bare_values=True),
    Language("tsv", "data", (), (), ('"',), bare_values=True),
    Language("ldif", "data", ("#",), (), (), bare_values=True),
    Language("vcard", "data", (), (), (), bare_values=True),
    Language("html", "markup", (), _HTML),
    Language("xml", "markup", (), _HTML),
    Language("css", "code", (), _C),
    Language("markdown", "prose", (), _HTML, ('"', "'", "`"), bare_values=True),
    Language("gherkin", "prose", ("#",), (), ('"', "'"), bare_values=True),
    Language("http", "prose", ("#",), (), (), bare_values=True),
    Language("git-commit", "prose", ("#",), (), ('"', "'"), bare_values=True),
    Language("diff", "prose", (), (), ('"', "'"), bare_values=True),
    Language("plaintext", "prose", (), (), ('"', "'", "`"), bare_values=True),
)
LANGUAGES: dict[str, Language] = {language.name: language for language in _ALL}
PLAIN = LANGUAGES["plaintext"]

_EXTENSIONS = {
    "py": "python", "pyi": "python", "pyw": "python", "ipynb": "json", "bzl": "python", "star": "python",
    "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript", "vue": "html", "svelte": "html",
    "ts": "typescript", "tsx": "typescript", "mts": "typescript", "cts": "typescript",
    "go": "go", "java": "java", "kt": "kotlin", "kts": "kotlin", "scala": "scala", "sc": "scala",
    "groovy": "groovy", "gradle": "groovy", "jenkinsfile": "groovy", "cs": "csharp", "fs": "csharp", "vb": "csharp",
    "c": "c", "h": "c", "cc": "c", "cpp": "c", "cxx": "c", "hpp": "c", "hh": "c", "proto": "c", "m": "c", "mm": "c", "ino": "c",
    "rs": "rust", "swift": "swift", "dart": "dart", "rb": "ruby", "rake": "ruby", "gemspec": "ruby", "erb": "html",
    "php": "php", "phtml": "php", "pl": "perl", "pm": "perl", "lua": "lua", "ex": "elixir", "exs": "elixir", "r": "r",
    "clj": "clojure", "cljs": "clojure", "edn": "clojure", "hs": "haskell", "ps1": "powershell", "psm1": "powershell",
    "sql": "sql", "pgsql": "sql", "mysql": "sql", "ddl": "sql", "dump": "sql",
    "sh": "shell", "bash": "shell", "zsh": "shell", "fish": "shell", "ksh": "shell", "envrc": "shell",
    "mk": "makefile", "mak": "makefile", "bat": "batch", "cmd": "batch",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini", "cnf": "ini", "cf": "ini",
    "properties": "properties", "env": "dotenv", "tf": "terraform", "tfvars": "terraform", "hcl": "terraform",
    "json": "json", "jsonl": "json", "ndjson": "json", "geojson": "json", "webmanifest": "json", "tfstate": "json",
    "har": "json", "avsc": "json", "jsonc": "jsonc", "json5": "jsonc", "code-workspace": "jsonc",
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "psv": "csv", "ldif": "ldif", "vcf": "vcard", "ics": "vcard",
    "html": "html", "htm": "html", "xhtml": "html", "jsp": "html", "aspx": "html", "hbs": "html", "ejs": "html",
    "xml": "xml", "xsd": "xml", "xsl": "xml", "svg": "xml", "plist": "xml", "pom": "xml", "csproj": "xml", "config": "xml",
    "resx": "xml", "wsdl": "xml", "css": "css", "scss": "css", "less": "css", "sass": "css",
    "md": "markdown", "markdown": "markdown", "mdx": "markdown", "rst": "markdown", "adoc": "markdown",
    "feature": "gherkin", "http": "http", "rest": "http", "diff": "diff", "patch": "diff",
    "dockerfile": "dockerfile", "containerfile": "dockerfile",
}  # fmt: skip
_NAMES = {
    "dockerfile": "dockerfile", "containerfile": "dockerfile", "makefile": "makefile", "gnumakefile": "makefile",
    "jenkinsfile": "groovy", "vagrantfile": "ruby", "gemfile": "ruby", "rakefile": "ruby", "podfile": "ruby",
    "pipfile": "toml", ".npmrc": "ini", ".yarnrc": "ini", ".pypirc": "ini", ".gitconfig": "ini", ".editorconfig": "ini",
    ".netrc": "netrc", "_netrc": "netrc", ".pgpass": "netrc", ".bashrc": "shell", ".zshrc": "shell", ".profile": "shell",
    ".bash_profile": "shell", ".bash_history": "shell", ".zsh_history": "shell", ".htpasswd": "netrc",
    ".dockercfg": "json", ".dockerconfigjson": "json", "credentials": "ini", ".s3cfg": "ini", "nginx.conf": "nginx",
    "build": "python", "workspace": "python", "commit_editmsg": "git-commit", ".my.cnf": "ini", "kubeconfig": "yaml",
}  # fmt: skip
_IDS = {
    "javascriptreact": "javascript", "typescriptreact": "typescript", "jsonl": "json", "shellscript": "shell", "sh": "shell",
    "bash": "shell", "zsh": "shell", "fish": "shell", "env": "dotenv", "bat": "batch", "cpp": "c", "objective-c": "c",
    "objective-cpp": "c", "cuda-cpp": "c", "fsharp": "csharp", "vb": "csharp", "razor": "html", "vue": "html",
    "svelte": "html", "handlebars": "html", "xsl": "xml", "scss": "css", "less": "css", "sass": "css", "cs": "csharp",
    "restructuredtext": "markdown", "rst": "markdown", "latex": "plaintext", "tex": "plaintext", "text": "plaintext",
    "scminput": "git-commit", "gitcommit": "git-commit", "ssh_config": "ini", "dosini": "ini", "cfg": "ini", "conf": "ini",
    "hcl": "terraform", "terraform-vars": "terraform", "tf": "terraform", "dockercompose": "yaml", "docker-compose": "yaml",
    "github-actions-workflow": "yaml", "helm": "yaml", "make": "makefile", "proto": "c", "proto3": "c", "pip-requirements": "ini",
    "cucumber": "gherkin", "plsql": "sql", "mysql": "sql", "dotenv": "dotenv", "csv (semicolon)": "csv", "tsv": "tsv",
}  # fmt: skip

_SHEBANG = lazy(r"#![^\n]*\b(python|node|ruby|perl|php|bash|zsh|sh|fish|lua|Rscript|pwsh)")
_SHEBANGS = {
    "node": "javascript",
    "bash": "shell",
    "zsh": "shell",
    "sh": "shell",
    "fish": "shell",
    "Rscript": "r",
    "pwsh": "powershell",
}


def language_of(path: str | None, language_id: str | None = None, text: str = "") -> Language:
    """The language of a document.

    The file's name decides first (an editor's `plaintext` for `.env.local` says little), then the editor's LSP
    `language_id`, then the text's first characters; plain text if nothing tells.
    """
    return _by_name(path or "") or _by_id(language_id or "") or _by_text(text) or PLAIN


@lru_cache(maxsize=4096)
def _by_name(path: str) -> Language | None:
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    if name in _NAMES:
        return LANGUAGES[_NAMES[name]]
    if name.startswith((".env", "env.")) or name.endswith(".env"):
        return LANGUAGES["dotenv"]
    if name.startswith(("dockerfile.", "containerfile.")):
        return LANGUAGES["dockerfile"]
    stem, _, extension = name.rpartition(".")
    if extension in ("example", "sample", "template", "tmpl", "dist", "bak", "old", "orig", "in", "tpl", "j2") and stem:
        return _by_name(stem)
    known = _EXTENSIONS.get(extension)
    return LANGUAGES[known] if known else None


def _by_id(language_id: str) -> Language | None:
    name = language_id.lower()
    language = LANGUAGES.get(_IDS.get(name, name))
    return None if language is PLAIN else language


def _by_text(text: str) -> Language | None:
    start = text[:200].lstrip("\ufeff \t\r\n")
    if start.startswith("#!") and (match := _SHEBANG.match(start)):
        return LANGUAGES[_SHEBANGS.get(match[1], match[1])]
    if start.startswith(("{", "[{", '["')) and ":" in start:
        return LANGUAGES["json"]
    if start.startswith("<?xml"):
        return LANGUAGES["xml"]
    if start[:15].lower().startswith(("<!doctype html", "<html")):
        return LANGUAGES["html"]
    return None
