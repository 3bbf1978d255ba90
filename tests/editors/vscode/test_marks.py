"""What a developer sees in VS Code without asking for it, and the quick fixes."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.vscode.rig import VSCode
from tests.editors.vscode.samples import EMAIL, OTHER, RULE, TOKEN, traces

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(300)]

Write = Callable[..., Path]

SAID = "GitHub personal access token: an assistant would receive it."
LAST = ["Redact all in file", "Copy redacted for assistant", "Open redacted copy"]
ALLOWS = ["Allow this value… with a comment", "Allow this value… in tightlip.toml"]


def test_a_secret_is_marked_within_a_second(
    vscode: VSCode, write: Write, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"speed{number}.py" for number in range(3)]
    for name in names:
        write(name, f'token = "{TOKEN}"\n')
    write("quiet.py", "print(1)\n")
    milliseconds = vscode.run("speed", {"clean": "quiet.py", "names": names, "needle": TOKEN})["milliseconds"]
    record_property("milliseconds from text to mark", milliseconds)
    with capsys.disabled():
        print(f"\n[VS Code: text to mark {', '.join(map(str, milliseconds))} ms]", flush=True)
    assert statistics.median(milliseconds) < 3000, "a second, and room for a busy machine"


def test_a_secret_is_told_once_and_the_first_action_redacts_it(vscode: VSCode, write: Write) -> None:
    text = f'import os\n\ntoken = "{TOKEN}"\n'
    path = write("deploy.py", text)
    seen = vscode.run("secret", {"name": "deploy.py", "value": TOKEN})
    assert seen["problems"] == ["deploy.py\n1", f"{SAID}\ntightlip\n{RULE}\n[Ln 3, Col 10]"]
    assert seen["hovered"].count(SAID) == 1
    assert seen["status"]["text"] == "1 finding"
    assert seen["clean"]["text"] == "nothing to hide"
    assert not traces(path.read_text() + seen["saved"] + seen["hovered"], TOKEN)
    assert seen["saved"].startswith('import os\n\ntoken = "TL_GITHUB_TOKEN_')
    assert seen["undone"] == text


def test_each_quick_fix_does_what_it_says_and_is_undone(vscode: VSCode, write: Write) -> None:
    write("fixes.py", f'import os\n\ntoken = "{TOKEN}"\nother = "{OTHER}"\n')
    seen = vscode.run("fixes", {"name": "fixes.py", "needle": TOKEN[:12]})
    assert seen["titles"] == ["Redact this value", "Read from environment", *LAST, *ALLOWS]
    results = seen["results"]
    one, environment, whole, copied, opened, comment, policy = (results[title] for title in seen["titles"])
    assert not traces(one["text"], TOKEN)
    assert OTHER in one["text"]
    assert 'token = os.environ["GITHUB_TOKEN"]\n' in environment["text"]
    assert not traces(whole["text"], TOKEN, OTHER)
    assert copied["text"] == seen["before"]
    assert copied["clipboard"] == whole["text"]
    assert opened["text"] == seen["before"]
    assert any(name.startswith("redacted fixes") for name in opened["tabs"])
    assert f"# tightlip: allow[{RULE}]" in comment["text"]
    assert policy["text"] == seen["before"]
    assert [name.replace("\n", "") for name in policy["dirty"]] == ["tightlip.toml"]


def test_a_customers_row_is_marked_and_redacted(vscode: VSCode, write: Write) -> None:
    rows = f"id,full_name,email,city\n1,Test User,user@example.com,Nowhere\n2,Johanna Ödberg,{EMAIL},Lund\n"
    path = write("customers.csv", rows)
    seen = vscode.run("table", {"name": "customers.csv", "value": EMAIL, "cell": "TL_EMAIL_"})
    assert seen["problems"][0] == "customers.csv\n3"
    assert [row.split(":")[0] for row in seen["problems"][1:]] == [
        "Name of a person",
        "E-mail address",
        "Place of residence",
    ]
    assert all("[Ln 3, " in row for row in seen["problems"][1:])
    assert seen["actions"][:2] == ["Redact this value", "Replace with a synthetic value"]
    assert not traces(path.read_text(), EMAIL)
    assert [line.count(",") for line in seen["saved"].splitlines()] == [3, 3, 3]


def test_a_restricted_file_says_so_wherever_it_is_listed(vscode: VSCode) -> None:
    seen = vscode.run("restricted", {"name": "pay/ledger.py"})
    sentence = "acme/pay may not be shared with an assistant (tightlip.toml:1). Ask payments@acme.example."
    assert seen["status"]["text"] == "restricted"
    assert sentence in seen["status"]["label"]
    assert seen["problems"][:2] == ["ledger.pypay\n1", f"{sentence}\ntightlip\nrestricted\n[Ln 1, Col 1]"]
    marks = {row["name"]: row["mark"] for row in seen["explorer"]}
    assert "R" in marks["ledger.py"].split(", ")
    assert "R" not in marks.get("customers.csv", "")
    assert seen["actions"][0] == "Redact this restricted file"
    offered = {label.removeprefix("tightlip: ") for label in seen["palette"]}
    assert "Restart server" in offered
    assert not {"Copy redacted", "Open redacted copy", "Compare with redacted copy"} & offered


def test_lines_of_a_restricted_file_are_known_where_they_are_pasted(vscode: VSCode, write: Write) -> None:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    lines = "".join(
        f'    {name}_tranche = settle_claim(ledger["{name}"], cutoff_of("{name} zone"))\n' for name in names
    )
    write("pay/settle.py", f"def settle(ledger):\n{lines}    return first_tranche\n")
    path = write("app/report.py", "import ledgers\n\n\nprint(ledgers)\n")
    write("app/prices.py", "a = 1\n# tightlip: private-begin pricing\nmargin = 3\n# tightlip: private-end\n")
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    given = {"restricted": "pay/settle.py", "first": "first_tranche =", "last": len(names), "inside": "sixth_tranche ="}
    seen = vscode.run("copied", {**given, "name": "app/report.py", "behind": "print", "fenced": "app/prices.py"})
    assert seen["lines"] == lines
    assert seen["pasted"] == f"import ledgers\n\n\n{lines}print(ledgers)\n"
    sentence = (
        "10 lines of restricted code from acme/pay, settle.py:2-11: an assistant would receive them. "
        "Ask payments@acme.example."
    )
    entry = "tightlip.toml\n[Ln 1, Col 1]\n:\nThis entry of the policy says so."
    whole = "acme/pay may not be shared with an assistant (tightlip.toml:1). Ask payments@acme.example."
    assert seen["problems"] == [
        "settle.pypay\n1",
        f"{whole}\ntightlip\nrestricted\n[Ln 1, Col 1]",
        entry,
        "report.pyapp\n1",
        f"{sentence}\ntightlip\ncopied-code\n[Ln 4, Col 1]",
        entry,
    ]
    assert sentence in seen["status"]["label"]
    assert seen["hovered"].count(sentence) == 1
    assert seen["actions"][0] == "Redact this passage"
    assert not [title for title in seen["actions"] if "Allow" in title]
    assert seen["redacted"].startswith('import ledgers\n\n\n    "TL_COPIED_CODE_')
    assert "tranche" not in seen["saved"]
    assert seen["undone"] == seen["pasted"]
    private = "Private section “pricing”: line 3 may not be shared with an assistant."
    assert seen["section"][:2] == ["prices.pyapp\n1", f"{private}\ntightlip\nprivate-section\n[Ln 3, Col 1]"]


def test_a_text_without_a_name_is_marked_while_one_types(vscode: VSCode) -> None:
    seen = vscode.run("untitled", {"value": TOKEN})
    assert seen["status"]["text"] == "1 finding"
    assert seen["redacted"].startswith("ask about TL_GITHUB_TOKEN_")
    assert not traces(seen["redacted"], TOKEN)


def test_a_cell_of_a_notebook_is_marked_and_redacted(vscode: VSCode, write: Write) -> None:
    source = [f't = "{TOKEN}"\n']
    cell = {"cell_type": "code", "id": "a1", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    book = {"cells": [cell], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    path = write("explore.ipynb", json.dumps(book))
    seen = vscode.run("notebook", {"name": "explore.ipynb", "value": TOKEN})
    assert seen["status"]["text"] == "1 finding"
    assert seen["problems"] == ["explore.ipynb\n1", f"{SAID}\ntightlip\n{RULE}\n[Ln 1, Col 6]"]
    assert seen["actions"][0] == "Redact this value"
    assert not traces(path.read_text(), TOKEN)
    assert json.loads(path.read_text())["cells"][0]["source"][0].startswith('t = "TL_GITHUB_TOKEN_')
