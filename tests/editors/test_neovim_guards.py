"""What reaches an assistant from Neovim: a recording endpoint on this machine counts the requests and keeps their text.

The plug-ins are stand-ins of our own, written after their documented interfaces. Where TIGHTLIP_CODECOMPANION and
TIGHTLIP_PLENARY name checkouts, codecompanion.nvim itself is driven too.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conftest import HERE, Neovim
from tightlip.detect.sample import fill

pytestmark = [pytest.mark.xdist_group("neovim"), pytest.mark.timeout(300)]

Write = Callable[[str, str], Path]

STAND_INS = HERE / "neovim" / "stand-in"
SECRET = fill("ghp_{crc32-base62:30}")
OTHER = "ghp_" + fill("{crc32-base62:30}")
PERSON = "k73.vinterhage@" + "g" + "mail.com"
OTHER_PERSON = "lisbet.ohrn84@" + "g" + "mail.com"
TITLE = "GitHub personal access token"
REPLY = (
    b'data: {"id":"1","object":"chat.completion.chunk","choices":'
    b'[{"index":0,"delta":{"role":"assistant","content":"An answer."},"finish_reason":null}]}\n\n'
    b'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


class Endpoint:
    """A model's endpoint on this machine that answers and keeps what it is sent, a line each."""

    def __init__(self, record: Path):
        self.record = record
        record.touch()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                with endpoint.record.open("ab") as kept:
                    kept.write(body.replace(b"\n", b" ") + b"\n")
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(REPLY)))
                self.end_headers()
                self.wfile.write(REPLY)

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"data": [{"id": "recorder"}]}')

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def requests(self) -> list[str]:
        """The bodies that came, in order."""
        return self.record.read_text(encoding="utf-8").splitlines()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    served = Endpoint(tmp_path / "requests.jsonl")
    yield served
    served.close()


class Assistants:
    """Runs a script in a Neovim that has an assistant's plug-in beside tightlip's."""

    def __init__(self, neovim: Neovim, endpoint: Endpoint):
        self.neovim = neovim
        self.endpoint = endpoint

    def run(
        self,
        script: str,
        *files: Path,
        plugins: tuple[Path, ...] = (STAND_INS / "codecompanion",),
        given: dict[str, Any] | None = None,
        chosen: dict[str, Any] | None = None,
        environment: dict[str, str | None] | None = None,
    ) -> dict[str, Any]:
        """`plugins`: folders for the runtime path. `chosen`: `vim.g` before anything is loaded."""
        whole = {"port": self.endpoint.port, "record": str(self.endpoint.record), "secret": SECRET, **(given or {})}
        beside = {
            "STAND_INS": str(STAND_INS),
            "DRIVE_RUNTIME": json.dumps([str(plugin) for plugin in plugins]),
            "DRIVE_GLOBALS": json.dumps({"tightlip_guard_seconds": 30, **(chosen or {})}),
        }
        return self.neovim.run(script, *files, given=whole, environment={**beside, **(environment or {})})


@pytest.fixture
def assistants(neovim: Neovim, endpoint: Endpoint) -> Assistants:
    return Assistants(neovim, endpoint)


def codecompanion(which: str) -> tuple[Path, ...]:
    """The folders of the stand-in or of the plug-in itself; skips by name where that is not here."""
    if which == "stand-in":
        return (STAND_INS / "codecompanion",)
    named = [os.environ.get(name, "") for name in ("TIGHTLIP_CODECOMPANION", "TIGHTLIP_PLENARY")]
    if not all(name and Path(name, "lua").is_dir() for name in named):
        pytest.skip("codecompanion.nvim is not here: TIGHTLIP_CODECOMPANION and TIGHTLIP_PLENARY name no checkouts")
    return tuple(Path(name) for name in named)


def unseen(value: str, *texts: str) -> bool:
    """Whether no run of six characters of a value is in the texts."""
    return not any(value[at : at + 6] in text for at in range(len(value) - 5) for text in texts)


def told(seen: dict[str, Any]) -> str:
    return "\n".join(seen["messages"])


@pytest.mark.parametrize("which", ["stand-in", "codecompanion.nvim"])
def test_a_chat_with_a_secret_sends_nothing_and_without_one_sends(
    assistants: Assistants, endpoint: Endpoint, which: str
) -> None:
    plugins = codecompanion(which)
    seen = assistants.run("chat_blocked", plugins=plugins, given={"real": which != "stand-in"})
    assert seen["marked"] == [SECRET]
    assert seen["with_secret"] == 0
    assert seen["told"] == (
        f"tightlip: not sent. 1 value an assistant should not receive: {TITLE}. :Tightlip redact! makes the chat safe."
    )
    assert (seen["kept"], seen["times"]) == (True, 1)
    assert (seen["after_redaction"], seen["without"]) == (1, 1)
    assert "TL_GITHUB_TOKEN_" in endpoint.requests[0]
    assert unseen(SECRET, *endpoint.requests, told(seen))


def test_what_is_attached_or_named_is_looked_at_as_well(
    assistants: Assistants, endpoint: Endpoint, write: Write, restricted: Path
) -> None:
    files = {
        "secret_file": str(write("app.py", f'token = "{SECRET}"\n')),
        "clean_file": str(write("clean.py", "x = 1\n")),
        "restricted_file": str(restricted),
    }
    seen = assistants.run("chat_attached", given=files)
    assert seen["sent"] == {
        "secret": 0,
        "secret_content": 0,
        "restricted": 0,
        "restricted_path": 0,
        "mentioned": 0,
        "clean": 1,
    }
    assert "app.py: 1 value" in seen["told"]["secret"]
    assert "Redact it there, or take it out of the chat." in seen["told"]["secret"]
    for name in ("restricted", "restricted_path"):
        assert "payments@acme.example" in seen["told"][name]
        assert "redact!" not in seen["told"][name], "no placeholder makes it less restricted"
    assert unseen(SECRET, *endpoint.requests, *seen["told"].values())


def test_redacting_sends_placeholders_and_keeps_the_chat_without_the_value(
    assistants: Assistants, endpoint: Endpoint
) -> None:
    seen = assistants.run("chat_redacted", chosen={"tightlip_guard_send": "redact"})
    assert seen["sent"] == 1
    assert seen["told"] == "tightlip: 1 value was redacted before this was sent."
    assert "why is this refused?" in seen["chat"]
    assert "TL_GITHUB_TOKEN_" in seen["chat"]
    assert seen["again"] == 1, "values put back into the chat for reading are not sent again"
    assert unseen(SECRET, *endpoint.requests, seen["chat"], told(seen))


def test_what_tools_return_is_redacted_or_withheld(assistants: Assistants, endpoint: Endpoint) -> None:
    seen = assistants.run("chat_tools", given={"other": OTHER})
    assert seen["first"] == 1
    assert "read_file" in seen["told"]
    second, third = (json.loads(body)["messages"] for body in endpoint.requests[1:])
    assert [message["content"] for message in second if message["role"] == "tool"][1] == "nothing of note"
    assert unseen(SECRET, *endpoint.requests)
    assert unseen(OTHER, *endpoint.requests)
    assert "TL_GITHUB_TOKEN_" in json.dumps(second)
    assert third[: len(second)] == second, "what was looked at stays as it was"
    assert third[-1]["content"].startswith("Withheld by tightlip: This could not be checked")


@pytest.mark.parametrize("how", ["no server", "a frozen server"])
def test_without_an_answer_nothing_is_sent(assistants: Assistants, how: str) -> None:
    environment: dict[str, str | None] = (
        {"TIGHTLIP_COMMAND": json.dumps(["no-such-program-here"])} if how == "no server" else {}
    )
    seen = assistants.run(
        "chat_unanswered",
        given={"freeze": how != "no server"},
        chosen={"tightlip_guard_seconds": 1},
        environment=environment,
    )
    assert (seen["sent"], seen["sent_open"]) == (0, 1)
    assert seen["seconds"] < 10
    assert "not sent. This could not be checked: the server" in told(seen)


def test_an_error_in_the_check_sends_nothing(assistants: Assistants) -> None:
    seen = assistants.run("chat_broken")
    assert seen["sent"] == 0
    assert "the check itself failed, so nothing was sent" in told(seen)


@pytest.mark.parametrize("required", [False, True])
def test_the_guard_goes_off_unless_the_policy_requires_it(assistants: Assistants, write: Write, required: bool) -> None:
    path = write("app.py", "x = 1\n")
    write("tightlip.toml", '[editor]\nrequired = ["send"]\n' if required else "")
    seen = assistants.run("chat_off", path, chosen={"tightlip_guard_send": "off"})
    assert seen["sent"] == (0 if required else 1)
    assert ("the policy requires" in told(seen)) is required


def test_where_the_policy_asks_the_person_decides_once(
    assistants: Assistants, endpoint: Endpoint, tmp_path: Path
) -> None:
    seen = assistants.run(
        "chat_asks",
        given={"person": PERSON, "other_person": OTHER_PERSON},
        environment={"XDG_DATA_HOME": str(tmp_path / "data")},
    )
    assert (seen["cancelled"], seen["anyway"], seen["again"], seen["redacted"]) == (0, 1, 1, 1)
    assert len(seen["asked"]) == 3, "what was let go is not asked about again"
    assert seen["asked"][0]["choices"] == ["&Redact and send", "&Send anyway (recorded)", "&Cancel"]
    assert PERSON in endpoint.requests[0]
    assert unseen(OTHER_PERSON.split("@")[0], *endpoint.requests)
    lines = (tmp_path / "data" / "tightlip" / "record.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["cancelled", "sent-anyway", "sent-redacted"]
    assert {json.loads(line)["surface"] for line in lines} == {"neovim:codecompanion"}
    assert unseen(PERSON.split("@")[0], *lines, told(seen), json.dumps(seen["asked"]))


def test_copilot_gets_no_buffer_that_may_not_leave(assistants: Assistants, write: Write, restricted: Path) -> None:
    files = {
        "ledger.py": str(restricted),
        "deploy.py": str(write("deploy.py", f'token = "{SECRET}"\n')),
        "clean.py": str(write("clean.py", "x = 1\n")),
    }
    seen = assistants.run("copilot", plugins=(STAND_INS / "copilot",), given=files)
    assert seen["early"] == {"ledger.py": False, "deploy.py": False, "clean.py": False}, "refused until it is known"
    assert seen["read"] == ["clean.py"]
    assert seen["told"] == (
        f"tightlip: Copilot no longer reads clean.py. 1 value an assistant should not receive: {TITLE}. "
        "It comes back when that is gone."
    )
    assert seen["back"] is True


def test_a_guarded_provider_of_copilot_chat_sends_nothing_it_should_not(
    assistants: Assistants, endpoint: Endpoint, restricted: Path
) -> None:
    given = {"restricted_file": str(restricted)}
    seen = assistants.run("copilot_chat", plugins=(STAND_INS / "CopilotChat",), given=given)
    assert seen["secret"].startswith(f"tightlip: not sent. 1 value an assistant should not receive: {TITLE}.")
    assert "payments@acme.example" in seen["restricted"]
    assert seen["requests"] == 0
    assert (seen["clean"], seen["redacted"]) == ("An answer.", "An answer.")
    assert len(endpoint.requests) == 2
    assert "TL_GITHUB_TOKEN_" in endpoint.requests[1]
    assert unseen(SECRET, *endpoint.requests, seen["secret"], told(seen))
    assert (seen["report_open"]["state"], seen["report_safe"]["state"]) == ("warn", "ok")


def test_of_avante_there_is_a_warning(assistants: Assistants, write: Write) -> None:
    path = write("app.py", "x = 1\n")
    seen = assistants.run("avante", path, plugins=(STAND_INS / "avante",))
    assert seen["told"] == (
        f"tightlip: avante.nvim was not stopped, for it cannot be. 1 value an assistant should not receive: {TITLE}."
    )
    assert len(seen["messages"]) == 1
    assert unseen(SECRET, told(seen))


def test_a_yank_to_the_clipboard_is_warned_about_once(assistants: Assistants, write: Write) -> None:
    path = write("app.py", f'x = 1\ntoken = "{SECRET}"\nprint(x)\n')
    seen = assistants.run("yank", path, plugins=())
    assert (seen["clean"], seen["unnamed"], seen["named"], seen["again"]) == ([], [], [], [])
    for name in ("first", "more", "by_option"):
        assert seen[name] == [
            f"tightlip: the clipboard holds 1 value an assistant should not receive: {TITLE}. "
            ":Tightlip redact clipboard makes it safe."
        ], name
    assert "TL_GITHUB_TOKEN_" in seen["way_out"]
    assert unseen(SECRET, told(seen), seen["way_out"])


def test_the_yank_warning_goes_off(assistants: Assistants, write: Write) -> None:
    path = write("app.py", f'x = 1\ntoken = "{SECRET}"\nprint(x)\n')
    seen = assistants.run("yank", path, plugins=(), chosen={"tightlip_guard_copy": "off"}, given={"rest": 200})
    assert (seen["first"], seen["more"]) == ([], [])


def test_health_says_what_stands_before_each_assistant(assistants: Assistants) -> None:
    plugins = tuple(STAND_INS / name for name in ("codecompanion", "CopilotChat", "copilot", "avante"))
    health = assistants.run("health", plugins=plugins, chosen={"tightlip_guard_copy": "sometimes"})["health"]
    assert "codecompanion.nvim: chats with a finding are stopped" in health
    assert "CopilotChat.nvim: not loaded yet" in health
    assert "copilot.lua: not loaded yet" in health
    assert "avante.nvim: only warned about" in health
    assert 'vim.g.tightlip_guard_copy is "sometimes"' in health
