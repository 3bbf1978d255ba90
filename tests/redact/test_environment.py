"""A secret becomes a lookup: exact results per language, and none where no expression may stand."""

from __future__ import annotations

import pytest

from tightlip.finding import Span
from tightlip.redact.edit import apply
from tightlip.redact.environment import LANGUAGES as OFFERED
from tightlip.redact.environment import environment_edit, variable_name
from tightlip.syntax.language import LANGUAGES

VALUE = "¤"  # stands for the secret; one character is enough for an edit
SECRET = "Sek" + "rit123"


def looked_up(language: str, text: str, name: str = "API_KEY", path: str | None = None) -> str | None:
    text = text.replace(VALUE, SECRET)
    start = text.index(SECRET)
    edit = environment_edit(text, Span(start, start + len(SECRET)), name, LANGUAGES[language], path)
    if edit is None:
        return None
    result = apply(text, edit.edits)
    assert SECRET not in result
    assert edit.name == name
    return result


def cases(*pairs: tuple[str, str | None]) -> object:
    return pytest.mark.parametrize(("text", "expected"), pairs)


@cases(
    ("const apiKey = '¤';", "const apiKey = process.env.API_KEY;"),
    ("const h = {a: 'Bearer ¤'}", "const h = {a: `Bearer ${process.env.API_KEY}`}"),
    ("const t = `Bearer ¤ ${x}`", "const t = `Bearer ${process.env.API_KEY} ${x}`"),
    ("const t = `¤`", "const t = process.env.API_KEY"),
    ("const t = tag`¤`", "const t = tag`${process.env.API_KEY}`"),
    ("const t = `{a} ${x} ¤`", "const t = `{a} ${x} ${process.env.API_KEY}`"),
    ("const t = `${f({a: '¤'})}`", None),
    ("f('a`b ${x} ¤')", "f(`a\\`b \\${x} ${process.env.API_KEY}`)"),
    ('return <Foo a="b" token="¤" />', 'return <Foo a="b" token={process.env.API_KEY} />'),
    ('return <Foo token="Bearer ¤" />', "return <Foo token={`Bearer ${process.env.API_KEY}`} />"),
    ('return <Foo token="a&amp;¤" />', None),
    ("case '¤': break", "case process.env.API_KEY: break"),
    ("x ? '¤' : 'b'", "x ? process.env.API_KEY : 'b'"),
    ("const o = {'¤': 1}", None),
    ("import x from '¤'", None),
    ("require('¤')", None),
    ("type T = 'a' | '¤';", None),
    ("// '¤'", None),
    ("const r = /¤/", None),
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript(language: str, text: str, expected: str | None):
    assert looked_up(language, text) == expected


@cases(
    (
        'package main\n\nimport "fmt"\n\nvar k = "¤"\n',
        'package main\n\nimport "fmt"\nimport "os"\n\nvar k = os.Getenv("API_KEY")\n',
    ),
    (
        'package main\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nvar k = g("Bearer ¤")\n',
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"strings"\n)\n\nvar k = g("Bearer " + os.Getenv("API_KEY"))\n',
    ),
    (
        'package main\n\nimport (\n\t"fmt"\n\n\t"example.test/x"\n)\n\nvar k = `¤`\n',
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n\n\t"example.test/x"\n)\n\nvar k = os.Getenv("API_KEY")\n',
    ),
    (
        'package main\n\nimport ("fmt")\n\nvar k = "¤"\n',
        'package main\n\nimport ("fmt")\nimport "os"\n\nvar k = os.Getenv("API_KEY")\n',
    ),
    ('package main\n\nvar k = "¤"\n', 'package main\n\nimport "os"\n\nvar k = os.Getenv("API_KEY")\n'),
    ('package main\n\nimport "os"\nvar k = "¤"\n', 'package main\n\nimport "os"\nvar k = os.Getenv("API_KEY")\n'),
    (
        'package main\n\nimport sys "os"\nvar k = "¤"\n',
        'package main\n\nimport sys "os"\nvar k = sys.Getenv("API_KEY")\n',
    ),
    ('package main\n\nimport . "os"\nvar k = "¤"\n', 'package main\n\nimport . "os"\nvar k = Getenv("API_KEY")\n'),
    (
        'package main\r\n\r\nimport "C"\r\nvar k = len("a ¤"[2:])\r\n',
        'package main\r\n\r\nimport "os"\r\n\r\nimport "C"\r\nvar k = len(("a " + os.Getenv("API_KEY"))[2:])\r\n',
    ),
    ('package main\n\nconst k = "¤"\n', None),
    ('package main\n\nconst (\n\ta = 1\n\tk = "¤"\n)\n', None),
    ('package main\n\ntype T struct {\n\tA string `json:"¤"`\n}\n', None),
    ('package main\n\nimport (\n\t"¤"\n)\n', None),
    ('var k = "¤"\n', None),
)
def test_go(text: str, expected: str | None):
    assert looked_up("go", text) == expected


@cases(
    ('class A { static final String K = "¤"; }', 'class A { static final String K = System.getenv("API_KEY"); }'),
    ('h("a", "Bearer ¤".trim());', 'h("a", ("Bearer " + System.getenv("API_KEY")).trim());'),
    ('h("a", "Bearer ¤!");', 'h("a", "Bearer " + System.getenv("API_KEY") + "!");'),
    ('@Value("¤")\nString k;', None),
    ('@A(b = {"x", "¤"}) class X {}', None),
    ('@A(x = "y") class X { String k = "¤"; }', '@A(x = "y") class X { String k = System.getenv("API_KEY"); }'),
    ('switch (x) { case "¤": }', None),
    ('String k = """\n  a ¤""";', None),
)
def test_java(text: str, expected: str | None):
    assert looked_up("java", text) == expected


@cases(
    ('val k = "¤"', 'val k = System.getenv("API_KEY")'),
    ('val h = "Bearer ¤"', 'val h = "Bearer ${System.getenv("API_KEY")}"'),
    ('const val K = "¤"', None),
    ('@Foo("¤") val x = 1', None),
)
def test_kotlin(text: str, expected: str | None):
    assert looked_up("kotlin", text) == expected


@cases(
    ("k = '¤'", 'k = ENV.fetch("API_KEY")'),
    ('h = "Bearer ¤"', 'h = "Bearer #{ENV.fetch("API_KEY")}"'),
    ("h = 'Bearer ¤'", "h = 'Bearer ' + ENV.fetch(\"API_KEY\")"),
    ("h = 'Bearer ¤'.strip", "h = ('Bearer ' + ENV.fetch(\"API_KEY\")).strip"),
    ('h = "a" "¤"', 'h = "a" "#{ENV.fetch("API_KEY")}"'),
    ("h = 'a' '¤'", None),
    ("h = `curl ¤`", 'h = `curl #{ENV.fetch("API_KEY")}`'),
    ("h = {'¤': 1}", None),
    ("require '¤'", None),
)
def test_ruby(text: str, expected: str | None):
    assert looked_up("ruby", text) == expected


@cases(
    (
        'using System;\nclass A { string k = "¤"; }',
        'using System;\nclass A { string k = Environment.GetEnvironmentVariable("API_KEY"); }',
    ),
    (
        'using System.Text;\nclass A { string k = "Bearer ¤"; }',
        'using System;\nusing System.Text;\nclass A { string k = "Bearer " + Environment.GetEnvironmentVariable("API_KEY"); }',
    ),
    (
        'global using System;\nvar k = @"¤";',
        'global using System;\nvar k = Environment.GetEnvironmentVariable("API_KEY");',
    ),
    ('\ufeffvar k = "¤";', '\ufeffusing System;\n\nvar k = Environment.GetEnvironmentVariable("API_KEY");'),
    (
        'using System;\nvar k = $"a {x} ¤ {y}";',
        'using System;\nvar k = $"a {x} " + Environment.GetEnvironmentVariable("API_KEY") + $" {y}";',
    ),
    ('using System;\nclass A { const string K = "¤"; }', None),
    ('[Foo("¤")]\nclass A {}', None),
    ('class A {\n  [Foo(Bar = "¤")]\n  int x; }', None),
    ('class A { void F(int a, string b = "¤") {} }', None),
    ('switch (x) { case "¤": }', None),
)
def test_csharp(text: str, expected: str | None):
    assert looked_up("csharp", text) == expected


@cases(
    ("<?php\n$k = '¤';", "<?php\n$k = getenv('API_KEY');"),
    ('<?php\n$h = "Bearer ¤ $x";', '<?php\n$h = "Bearer " . getenv(\'API_KEY\') . " $x";'),
    ("<?php\n$a = ['k' => '¤'];", "<?php\n$a = ['k' => getenv('API_KEY')];"),
    ("<?php\nclass A { private $k = '¤'; }", None),
    ("<?php\nclass A { private $k = ['a' => '¤']; }", None),
    ("<?php\nclass A { const K = '¤'; }", None),
    ("<?php\nfunction f($a = '¤') {}", None),
    ("<?php\n#[A('¤')]\nclass B {}", None),
    ("<?php\n# '¤'", None),
)
def test_php(text: str, expected: str | None):
    assert looked_up("php", text) == expected


LOOKUP = 'std::env::var("API_KEY").expect("API_KEY is not set")'


@cases(
    ('let k = "¤";', f"let k = &{LOOKUP};"),
    ('f(r#"¤"#)', f"f(&{LOOKUP})"),
    ('let k = "¤".to_string();', f"let k = {LOOKUP}.to_string();"),
    ('f("a{b}\\u{e9} ¤")', f'f(&format!("a{{{{b}}}}\\u{{e9}} {{}}", {LOOKUP}))'),
    ('const K: &str = "¤";', None),
    ('pub static K: &str = "¤";', None),
    ('println!("¤");', None),
    ('let s = concat!("a", "¤");', None),
    ('match x { "¤" => 1 }', None),
    ('fn f() -> &str { "¤" }', None),
    ('return "¤";', None),
    ('#[foo = "¤"]\nstruct A;', None),
    ('let b = b"¤";', None),
)
def test_rust(text: str, expected: str | None):
    assert looked_up("rust", text) == expected


@cases(
    ("export K=¤\n", 'export K="${API_KEY:?}"\n'),
    ('K="¤"\n', 'K="${API_KEY:?}"\n'),
    ("K='¤'\n", 'K="${API_KEY:?}"\n'),
    ('curl -H "Authorization: Bearer ¤" x\n', 'curl -H "Authorization: Bearer ${API_KEY:?}" x\n'),
    ("curl -H 'Authorization: Bearer ¤' x\n", "curl -H 'Authorization: Bearer '\"${API_KEY:?}\" x\n"),
    ("curl -u user:¤ x\n", 'curl -u user:"${API_KEY:?}" x\n'),
    ('curl -d \'{"t":"¤"}\'\n', 'curl -d \'{"t":"\'"${API_KEY:?}"\'"}\'\n'),
    ("cat <<EOF\nx=¤\nEOF\n", "cat <<EOF\nx=${API_KEY:?}\nEOF\n"),
    ("cat <<'EOF'\nx=¤\nEOF\n", None),
    ("cat <<\\EOF\nx=¤\nEOF\n", None),
    ("x=$'¤'\n", None),
    ("# K=¤\n", None),
)
def test_shell(text: str, expected: str | None):
    assert looked_up("shell", text) == expected


WORKFLOW = "on: push\njobs:\n  a:\n    env:\n      K: ¤\n"


def test_yaml_of_a_github_workflow():
    assert looked_up("yaml", WORKFLOW) == WORKFLOW.replace(VALUE, "${{ secrets.API_KEY }}")
    assert looked_up("yaml", "k: '¤'\n", path="/r/.github/workflows/a.yml") == "k: '${{ secrets.API_KEY }}'\n"
    # names that begin with GITHUB_ are not a repository's to give
    assert looked_up("yaml", WORKFLOW, "GITHUB_TOKEN") == WORKFLOW.replace(VALUE, "${{ secrets.GITHUB_TOKEN }}")
    assert looked_up("yaml", WORKFLOW, "GITHUB_PAT") == WORKFLOW.replace(VALUE, "${{ secrets.GH_PAT }}")


def test_yaml_of_a_compose_file():
    text = "services:\n  a:\n    environment:\n      K: ¤\n"
    assert looked_up("yaml", text) == text.replace(VALUE, "${API_KEY:?}")
    assert looked_up("yaml", "k: ¤\n", path="docker-compose.prod.yml") == "k: ${API_KEY:?}\n"


@cases(
    ("k: ¤\n", "k: ${API_KEY}\n"),
    ('k: "a ¤"\n', 'k: "a ${API_KEY}"\n'),
    ("a: {k: ¤, c: 1}\n", 'a: {k: "${API_KEY}", c: 1}\n'),
    ("a: [x, ¤]\n", 'a: [x, "${API_KEY}"]\n'),
    ("a: [x ¤ y]\n", None),
    ("k: b # ¤\n", None),
)
def test_other_yaml(text: str, expected: str | None):
    assert looked_up("yaml", text) == expected


@cases(
    ('provider "x" {\n  token = "¤"\n}\n', 'provider "x" {\n  token = var.api_key\n}\n'),
    ('locals {\n  h = "Bearer ¤"\n}\n', 'locals {\n  h = "Bearer ${var.api_key}"\n}\n'),
    ('variable "t" {\n  default = "¤"\n}\n', None),
    ('terraform {\n  backend "s3" {\n    key = "¤"\n  }\n}\n', None),
    ('resource "¤" "x" {}\n', None),
)
def test_terraform(text: str, expected: str | None):
    assert looked_up("terraform", text) == expected


def test_terraform_values_files_take_no_lookup():
    assert looked_up("terraform", 'k = "¤"\n', path="prod.tfvars") is None


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - OFFERED))
def test_other_languages_have_no_lookup(language: str):
    assert looked_up(language, '{"a": "¤"}') is None


@pytest.mark.parametrize("name", ["", "1X", "A-B", "A B", "Ä", "X" * 200])
def test_a_name_no_environment_takes_gives_nothing(name: str):
    assert looked_up("python", "k = '¤'\n", name) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("db_password = '¤'", "DB_PASSWORD"),
        ("dbPassword: '¤'", "DB_PASSWORD"),
        ('"dbPassword": "¤"', "DB_PASSWORD"),
        ("const apiKey: string = '¤'", "API_KEY"),
        ('apiKey := "¤"', "API_KEY"),
        ('String stripeAPIKey = "¤";', "STRIPE_API_KEY"),
        ("@api_key ||= '¤'", "API_KEY"),
        ("$this->apiKey = '¤'", "API_KEY"),
        ("self.api_key = f'¤'", "API_KEY"),
        ("api_key: str = '¤'", "API_KEY"),
        ("os.environ['API_KEY'] = '¤'", "API_KEY"),
        ("os.environ.setdefault('API_KEY', '¤')", "API_KEY"),
        ("'api-key' => '¤'", "API_KEY"),
        ('<Foo apiKey="¤" />', "API_KEY"),
        ('client.setApiKey("¤")', "API_KEY"),
        ("deploy --api-key ¤", "API_KEY"),
        ("export API_KEY=¤", "API_KEY"),
        ("connect(password='¤')", "PASSWORD"),
        ("headers = {'X-Api-Key': '¤'}", "X_API_KEY"),
        ("headers = {'Authorization': 'Bearer ¤'}", "THE_TYPE"),
        ("key = '¤'", "THE_TYPE"),
        ("token: ¤", "THE_TYPE"),
        ("path = '¤'", "THE_TYPE"),
        ("print('¤')", "THE_TYPE"),
        ("'¤'", "THE_TYPE"),
        ("x = '¤'", "THE_TYPE"),
    ],
)
def test_the_variable_is_named_after_the_field_else_after_the_type(text: str, name: str):
    start = text.index(VALUE)
    assert variable_name(text, Span(start, start + 1), "the-type") == name
