"""`make demo`: a real LSP session with the server on a sample workspace; prints what an editor would show.

The workspace is made in a temporary folder, its secrets are made up on the spot, and nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from rich.console import Console
from rich.text import Text

from tightlip.detect.sample import fill

SEVERITY = {1: ("error", "red"), 2: ("warning", "yellow"), 3: ("info", "blue"), 4: ("hint", "cyan")}
CAPABILITIES = lsp.ClientCapabilities(
    general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind.Utf32]),
    text_document=lsp.TextDocumentClientCapabilities(
        diagnostic=lsp.DiagnosticClientCapabilities(),
        code_action=lsp.CodeActionClientCapabilities(
            code_action_literal_support=lsp.ClientCodeActionLiteralOptions(lsp.ClientCodeActionKindOptions([]))
        ),
    ),
    workspace=lsp.WorkspaceClientCapabilities(
        diagnostics=lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
        workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True),
    ),
)
LANGUAGE = {".py": "python", ".csv": "csv"}


def sample_workspace(root: Path) -> dict[Path, str]:
    """A shop's repository with a key in the code and customers in a fixture, and a file of a restricted repository."""
    shop, pay = root / "shop", root / "acme-pay"
    for folder, remote in ((shop, "git@github.com:acme/shop.git"), (pay, "git@github.com:acme/pay.git")):
        folder.mkdir()
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "-C", folder, "remote", "add", "origin", remote], check=True)
    (shop / "deploy.py").write_text(
        fill(
            "import boto3\n\n"
            'session = boto3.Session(aws_access_key_id="AKIA{base32:16}", region_name="eu-west-1")\n'
            'GITHUB_TOKEN = "ghp_{crc32-base62:30}"\n'
        ),
        encoding="utf-8",
    )
    (shop / "customers.csv").write_text(
        "id,full_name,email,date_of_birth,city\n"
        f"1,Johanna Ödberg,johanna.odberg@{'g' + 'mail'}.com,1984-03-17,Lund\n"
        "2,Test User,user@example.com,1970-01-01,Nowhere\n",
        encoding="utf-8",
    )
    policy = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
    (pay / "tightlip.toml").write_text(policy, encoding="utf-8")
    (pay / "ledger.py").write_text(
        "def settle(account, amount):\n    return account.balance - amount\n", encoding="utf-8"
    )
    shown = (shop / "deploy.py", shop / "customers.csv", pay / "ledger.py")
    return {path: path.read_text(encoding="utf-8") for path in shown}


async def session(console: Console) -> int:
    """Open every file as an editor does; returns the number of diagnostics shown."""
    shown = 0
    with tempfile.TemporaryDirectory(prefix="tightlip-demo-") as folder:
        files = sample_workspace(Path(folder))
        client = LanguageClient("tightlip-demo", "1")
        for method in (
            "tightlip/status",
            lsp.WINDOW_LOG_MESSAGE,
            lsp.CLIENT_REGISTER_CAPABILITY,
            lsp.WORKSPACE_DIAGNOSTIC_REFRESH,
        ):
            client.feature(method)(lambda _: None)
        await client.start_io(sys.executable, "-m", "tightlip", "server")
        await client.initialize_async(
            lsp.InitializeParams(
                capabilities=CAPABILITIES,
                workspace_folders=[
                    lsp.WorkspaceFolder(path.as_uri(), path.name) for path in sorted({f.parent for f in files})
                ],
            )
        )
        client.initialized(lsp.InitializedParams())
        for path, text in files.items():
            shown += await show(client, console, path, text)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
    return shown


async def show(client: LanguageClient, console: Console, path: Path, text: str) -> int:
    """Open one file and print its diagnostics under its lines, and what the fix makes of it."""
    uri = path.as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, LANGUAGE[path.suffix], 1, text))
    )
    begin = time.perf_counter()
    report = await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri)))
    assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
    elapsed = (time.perf_counter() - begin) * 1e3
    console.print(f"\n[bold]{path.parent.name}/{path.name}[/]  [dim]checked in {elapsed:.0f} ms[/]")
    for number, line in enumerate(text.splitlines()):
        console.print(Text(f"{number + 1:3}  {line}"))
        for item in report.items:
            if item.range.start.line == number:
                word, colour = SEVERITY[int(item.severity or 2)]
                width = max(
                    1,
                    (item.range.end.character if item.range.end.line == number else len(line))
                    - item.range.start.character,
                )
                console.print(Text(" " * (5 + item.range.start.character) + "~" * width, style=colour))
                console.print(Text(f"     {word}  {item.message}  [{item.code}]", style=colour))
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(len(text.splitlines()), 0))
    context = lsp.CodeActionContext(diagnostics=report.items, only=[lsp.CodeActionKind.SourceFixAll])
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), everything, context)
    )
    for action in actions or []:
        if isinstance(action, lsp.CodeAction) and action.edit is not None:
            console.print(f"\n     [green]after “{action.title}”, safe to send:[/]")
            for line in apply(text, action.edit, uri).splitlines():
                console.print(Text(f"     {line}", style="green"))
    return len(report.items)


def apply(text: str, edit: lsp.WorkspaceEdit, uri: str) -> str:
    """The text after a workspace edit (positions in code points)."""
    edits = [
        one
        for change in edit.document_changes or []
        if isinstance(change, lsp.TextDocumentEdit) and change.text_document.uri == uri
        for one in change.edits
        if isinstance(one, lsp.TextEdit)
    ] or list((edit.changes or {}).get(uri, []))
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    for one in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        start = starts[one.range.start.line] + one.range.start.character
        end = starts[one.range.end.line] + one.range.end.character
        text = text[:start] + one.new_text + text[end:]
    return text


def main() -> int:
    """Run the session; exit code 1 when it showed nothing."""
    console = Console(highlight=False, soft_wrap=True)
    shown = asyncio.run(asyncio.wait_for(session(console), 60))
    console.print(f"\n{shown} diagnostics. Try it in your editor: editors/neovim/README.md, editors/vscode/README.md\n")
    return 0 if shown else 1


if __name__ == "__main__":
    sys.exit(main())
