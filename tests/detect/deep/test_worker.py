"""The real worker: presidio-analyzer and detect-secrets in a process of their own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.detect.deep.conftest import wait_until
from tightlip.detect.deep.client import Limits
from tightlip.detect.deep.job import DeepJob
from tightlip.detect.deep.process import worker_command
from tightlip.detect.deep.protocol import Hello, Ping, Region, Reply, Request, Settings, decode_answer, encode
from tightlip.detect.deep.state import State
from tightlip.detect.sample import fill
from tightlip.finding import Category, Confidence, Severity

ROOT = Path(__file__).parents[3] / "server"


def values(result):
    return {(finding.rule, finding.value) for finding in result.findings}


def plugin(tmp_path: Path, body: str, name: str = "own.py") -> Settings:
    """A baseline that names a plugin file whose `analyze_string(self, string)` is `body`."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    (tmp_path / name).write_text(
        "import os, sys, time\nfrom pathlib import Path\nfrom detect_secrets.plugins.base import BasePlugin\n\n"
        "class OwnDetector(BasePlugin):\n    secret_type = 'Acme badge'\n"
        f"    def analyze_string(self, string):\n{lines}\n        yield from ()\n"
    )
    used = [{"name": "OwnDetector", "path": f"file://{name}"}, {"name": "StripeDetector"}]
    baseline = tmp_path / ".secrets.baseline"
    baseline.write_text(json.dumps({"version": "1.5.0", "plugins_used": used, "filters_used": [], "results": {}}))
    return Settings(baseline=str(baseline), run_baseline_code=True)


def recognizers(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "recognizers.yaml"
    file.write_text(text, encoding="utf-8")
    return Settings(recognizers=str(file))


# What is found


def test_a_plugin_file_that_the_policy_names_is_run_beside_all_others(real, tmp_path):
    (tmp_path / "acme_badge.py").write_text(
        "from detect_secrets.plugins.base import RegexBasedDetector\nimport re\n\n"
        "class AcmeBadge(RegexBasedDetector):\n    secret_type = 'Acme badge'\n    denylist = [re.compile(r'ACME-[0-9]{6}')]\n"
    )
    (tmp_path / "broken.py").write_text("raise RuntimeError('x')\n")
    named = Settings(plugins=(str(tmp_path / "acme_badge.py"), str(tmp_path / "broken.py")))
    text = "badge: ACME-402917\n" + fill("token: ghp_{crc32-base62:30}\n")
    result = real.look(text, path="a.yaml", settings=named)
    assert "ACME-402917" in {finding.value for finding in result.findings}
    assert "github" in " ".join(finding.rule for finding in result.findings).lower()
    assert [notice.message for notice in result.notices if "broken.py" in notice.message] == [
        'The plugin file "broken.py" cannot be used (RuntimeError).'
    ]
    assert "ACME-402917" not in {finding.value for finding in real.look(text, path="a.yaml").findings}


def test_checksummed_identifiers_of_all_countries_are_found_in_english_text(real):
    text = fill(
        "# \U0001f600 astral characters before do not move the spans\r\n"
        'iban = "{iban:DE}"\r\n'
        'fiscal = "VRDGPP71R10F205F"\r\n'
        "nhs_number: 4857773457\r\n"
        'steuerId = "47392811011"\r\n'
        "pesel=72081417231\r\n"
        "contact: bob@acme.io\r\n"
    )
    found = {f.entity: f for f in real.look(text, path="a.yaml").findings if f.detector == "presidio"}
    assert {name: f.value for name, f in found.items()} == {
        "IBAN_CODE": text.split('"')[1],
        "IT_FISCAL_CODE": "VRDGPP71R10F205F",
        "UK_NHS": "4857773457",
        "DE_TAX_ID": "47392811011",
        "PL_PESEL": "72081417231",
        "EMAIL_ADDRESS": "bob@acme.io",
    }
    assert all(text[f.span.start : f.span.end] == f.value for f in found.values())
    nhs = found["UK_NHS"]
    assert (nhs.rule, nhs.category, nhs.placeholder) == ("presidio-uk-nhs", Category.PII, "NHS")
    assert (nhs.severity, nhs.confidence) == (Severity.WARNING, Confidence.HIGH)
    assert nhs.evidence == 'checksum valid, near "nhs"'


def test_numbers_whose_checksum_is_valid_by_chance_need_a_word_near(real):
    text = (
        'phone = "4857773457"\nid = 47392811011\norder-72081417231-x\nversion 1.2.3.4\nnhs_name, phone = 4857773457\n'
    )
    assert values(real.look(text)) == set()


def test_lower_case_look_alikes_versions_and_remotes_are_not_personal_data(real):
    text = "vrdgpp71r10f205f\ngit@github.com:acme/pay\nreact@18.2.0\nself.me@property\nsys.version\n9007199254740993\n"
    assert values(real.look(text)) == set()


def test_the_column_of_a_table_says_what_its_numbers_are(real):
    text = "id,phone,nhs\n1,4857773457,4857773457\n2,4857773457,5990128088\n"
    findings = real.look(text, path="people.csv").findings
    assert [(f.value, text[: f.span.start].count("\n")) for f in findings] == [("4857773457", 1), ("5990128088", 2)]
    assert all(f.entity == "UK_NHS" for f in findings)


def test_secrets_are_found_where_they_stand_and_every_time(real):
    text = fill('key = "AKIA{upper36:16}"\nagain("{hex:64}")\nlog("x"); copy = "AKIA{upper36:16}"\n')
    key = text.split('"')[1]
    text = text.replace('log("x")', f'log("{key}")').replace('copy = "', f'copy = "{key}", "')
    found = [f for f in real.look(text, path="a.py").findings if f.value == key]
    assert len(found) == 3
    assert {f.rule for f in found} == {"detect-secrets-aws-access-key"}
    assert {(f.category, f.detector, f.entity) for f in found} == {(Category.SECRET, "detect-secrets", None)}


def test_unquoted_values_of_configuration_files_are_looked_at(real):
    text = fill("NAME=app\nDB_PASSWORD={password:14}\nDIGEST={hex:64}\nPATH=/usr/local/bin:/usr/bin\n")
    password = text.splitlines()[1].partition("=")[2]
    assert {f.value for f in real.look(text, path=".env").findings} == {password}


def test_digests_identifiers_and_paths_are_not_random(real):
    text = fill(
        'digest = "{hex:64}"\nuuid = "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}"\n'
        'integrity = "sha512-{base64:86}=="\nname = "the_quick_brown_fox_jumps_over_the_lazy_dog_again"\n'
        'path = "src/components/authentication/LoginFormContainer"\n'
    )
    assert values(real.look(text, path="a.py")) == set()


def test_random_texts_are_quiet_findings_of_low_confidence(real):
    findings = real.look(fill('blob = "{base62:40}"\n'), path="a.py").findings
    assert [(f.rule, f.severity, f.confidence) for f in findings] == [
        ("detect-secrets-base64-high-entropy-string", Severity.INFORMATION, Confidence.LOW)
    ]


def test_allow_comments_of_detect_secrets_count(real):
    line = fill('key = "AKIA{upper36:16}"')
    text = f"{line}  # pragma: allowlist secret\n# pragma: allowlist nextline secret\n{line}\n"
    assert values(real.look(text, path="a.py")) == set()


def test_what_changed_gives_the_same_findings_as_a_fresh_look(real):
    lines = [
        fill(f'line_{number} = "{{iban:DE}}"') if number % 7 == 0 else f"x{number} = {number}" for number in range(80)
    ]
    real.look("\n".join(lines), key="doc")
    for edit in ("bob@acme.io", "", 'iban = "bad"', "# é\U0001f600"):
        lines[33] = lines[34] = edit
        del lines[-1]
        text = "\n".join(lines)
        assert real.look(text, key="doc") == real.look(text)
    real.lane.forget("doc")


def test_unusual_texts_give_no_crash_and_no_wrong_span(real):
    key = fill("AKIA{upper36:16}")
    texts = [
        f"\ufeff{key}",
        f"\x00\x00 k='{key}' \x00",
        f"\ud800 '{key}'",
        f"\x0c'{key}'\u2028'{key}'\x85",
        "\x00" * 5000,
        "é" * 5000,
    ]
    for text in texts:
        assert all(text[f.span.start : f.span.end] == f.value for f in real.look(text).findings)
    assert [f.value for f in real.look(texts[3]).findings] == [key, key]


def test_long_lines_are_said_not_to_be_looked_at(real):
    notices = real.look("x = '" + "ab1 " * 600 + "'").notices
    assert [n.code for n in notices] == ["deep-long-line"]
    assert [n.code for n in real.look("x = '" + "ab1 " * 20_000 + "'").notices] == ["deep-too-large"]


# What the user brings along


def test_the_users_recognizers_find_what_they_describe(real, tmp_path):
    settings = recognizers(
        tmp_path,
        """
recognizers:
  - name: Badges
    supported_entity: ACME_BADGE
    patterns: [{name: badge, regex: 'B-\\d{3}', score: 0.6}]
  - name: Projects
    supported_entity: ACME_PROJECT
    supported_language: de
    deny_list: [Nightjar]
  - name: Rooms
    supported_entity: ACME_ROOM
    context: [room]
    patterns: [{name: room, regex: 'R\\d', score: 0.1}]
  - PhoneRecognizer
""",
    )
    text = "B-123\nproject nightjar\nR1\nroom R2\ncall +49 30 901820\n"
    result = real.look(text, settings=settings)
    assert result.notices == ()
    assert values(result) == {
        ("presidio-acme-badge", "B-123"),
        ("presidio-acme-project", "nightjar"),
        ("presidio-acme-room", "R2"),
        ("presidio-phone-number", "+49 30 901820"),
    }
    assert {f.placeholder for f in result.findings} == {"ACME_BADGE", "ACME_PROJECT", "ACME_ROOM", "PHONE_NUMBER"}


def test_a_mistake_in_recognizers_yaml_is_a_sentence_with_its_place_and_costs_nothing_else(real, tmp_path):
    settings = recognizers(
        tmp_path,
        """recognizers:
  - name: Broken
    supported_entity: A
    patterns: [{name: a, regex: '(', score: 0.6}]
  - name: NoPattern
    supported_entity: SECRETNAME
    patterns: [{name: confidential-word, score: 0.6}]
  - HuggingFaceNerRecognizer
  - name: Unknown
  - {name: Good, supported_entity: GOOD, patterns: [{name: g, regex: 'G-\\d', score: 0.9}]}
""",
    )
    result = real.look("G-1", settings=settings)
    assert [f.value for f in result.findings] == ["G-1"]
    messages = [n.message for n in result.notices]
    assert [message.split(":")[1] for message in messages] == ["2", "5", "8", "9"]
    assert 'recognizers.yaml:2: recognizer "Broken" cannot be used, because its pattern does not compile' in messages[0]
    assert not any("confidential-word" in message for message in messages)
    for text, expected in (("a: [", "recognizers.yaml:1 is not YAML."), ("x: 1", "recognizers.yaml has no list under")):
        assert expected in real.look("G-1", settings=recognizers(tmp_path, text)).notices[0].message
    missing = real.look("G-1", settings=Settings(recognizers=str(tmp_path / "none.yaml")))
    assert "cannot be read" in missing.notices[0].message


def test_a_pattern_that_takes_too_long_is_left_out_and_named(real, tmp_path):
    evil = "recognizers: [{name: E, supported_entity: E, patterns: [{name: evil, regex: '(?:x|x)+y', score: 0.6}]}]"
    result = real.look("x" * 40 + " y 12345678", settings=recognizers(tmp_path, evil))
    assert [(n.code, '"evil"' in n.message) for n in result.notices] == [("deep-timeout", True)]


def test_code_that_a_baseline_names_runs_only_where_the_user_allows_it(real, tmp_path):
    allowed = plugin(tmp_path, "import re\nyield from re.findall(r'B-\\d{3}', string)")
    denied = Settings(baseline=allowed.baseline)
    result = real.look("B-123", settings=allowed)
    assert values(result) == {("detect-secrets-acme-badge", "B-123")}
    assert (result.findings[0].title, result.findings[0].evidence) == ("Acme badge", 'your own plugin "OwnDetector"')
    result = real.look("badge = 'B-123 45678'", settings=denied)
    assert values(result) == set()
    assert '"own.py" of the baseline was not run: it is code of this repository' in result.notices[0].message


def test_a_baseline_chooses_the_plugins_and_filters_and_never_verifies_or_imports(real, tmp_path):
    baseline = tmp_path / ".secrets.baseline"
    filters = [
        {"path": "detect_secrets.filters.common.is_ignored_due_to_verification_policies", "min_level": 2},
        {"path": "detect_secrets.filters.regex.should_exclude_line", "pattern": ["fixture"]},
        {"path": "antigravity.geohash"},
        {
            "path": "detect_secrets.filters.wordlist.should_exclude_secret",
            "min_length": 3,
            "file_name": "w",
            "file_hash": "x",
        },
    ]
    used = [{"name": "AWSKeyDetector"}, {"name": "NoSuchDetector"}, {"name": "KeywordDetector", "colour": "red"}]
    baseline.write_text(json.dumps({"version": "1.4.0", "plugins_used": used, "filters_used": filters, "results": {}}))
    key, other = fill("AKIA{upper36:16}"), fill("sk_live_{base62:24}")
    text = f'a = "{key}"\nb = "{other}"\nfixture = "{key}"\n'
    result = real.look(text, path="a.py", settings=Settings(baseline=str(baseline)))
    assert [(f.value, text[: f.span.start].count("\n")) for f in result.findings] == [(key, 0)]
    messages = " ".join(n.message for n in result.notices)
    for word in ("NoSuchDetector", "KeywordDetector", "antigravity", "ahocorasick"):
        assert word in messages
    for broken in ("{", "[]", "{}"):
        baseline.write_text(broken)
        notices = real.look(text, path="a.py", settings=Settings(baseline=str(baseline))).notices
        assert ["is not a detect-secrets baseline" in n.message for n in notices] == [True]


# What the worker never does


def converse(requests, answers, *, script="", cwd=ROOT, environment=None):
    """Ask a worker of its own; its answers (of which there are `answers`), and all it wrote to standard error."""
    command = [sys.executable, "-c", script, "1500000000"] if script else worker_command(1_500_000_000)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
    )
    process.stdin.write(b"".join(encode(request) for request in requests))
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(answers)]
    rest, errors = process.communicate(timeout=20)
    assert rest == b""
    assert process.returncode == 0
    return [decode_answer(line) for line in lines], b"".join(lines), errors


def test_nothing_of_the_text_is_printed_logged_or_told(tmp_path):
    settings = plugin(
        tmp_path,
        "print(string)\nprint(string, file=sys.stderr)\nos.write(1, string.encode())\nos.write(2, string.encode())\n"
        "import logging, warnings; logging.warning(string); warnings.warn(string)\nraise ValueError(string)",
    )
    canary = "canary" + "1234567890"
    request = Request(1, (Region(f'x = "{canary} DE89370400440532013001"', 0),), "a.py", "python", settings)
    answers, out, errors = converse([request, Ping(2)], 4)
    assert [type(answer) for answer in answers] == [Hello, Hello, Reply, Ping]
    assert canary.encode() not in out
    assert errors == b""
    assert [problem.message for problem in answers[2].problems] == ['detect-secrets: "OwnDetector" failed.']


def test_no_connection_is_tried_not_even_for_the_list_of_public_domains(tmp_path):
    tried = tmp_path / "tried"
    script = f"""
import socket, sys
def refuse(*arguments, **_):
    with open({str(tried)!r}, "a") as file: file.write(repr(arguments[:1]))
    raise OSError("sockets are forbidden in this test")
class Socket(socket.socket):  # urllib3 makes one when it is imported, to see whether there is IPv6
    connect = connect_ex = sendto = sendmsg = refuse
socket.socket, socket.getaddrinfo, socket.create_connection = Socket, refuse, refuse
from tightlip.detect.deep.worker import main
main(int(sys.argv[1]))
"""
    secrets = fill('aws = "AKIA{upper36:16}"\nslack = "xoxb-{digits:12}-{digits:12}-{base62:24}"\n')
    request = Request(1, (Region(f"bob@acme.co.uk eve@mail.gov.pl\n{secrets}", 0),), "a.py", "python")
    answers, _, errors = converse([request], 3, script=script)
    names = {hit.name for hit in answers[2].findings}
    assert {"EMAIL_ADDRESS", "AWS Access Key", "Slack Token"} <= names
    assert not tried.exists(), tried.read_text()
    assert errors == b""


def test_a_plugin_of_the_user_cannot_connect_either(real, tmp_path):
    body = (
        "import socket\nfor call in (lambda: socket.getaddrinfo('localhost', 80), lambda: socket.create_connection(('127.0.0.1', 9))):\n"
        "    try: call()\n    except PermissionError: yield string[:5]"
    )
    result = real.look("B-123 456789", settings=plugin(tmp_path, body))
    assert {f.value for f in result.findings} == {"B-123"}


def test_files_of_the_workspace_are_never_imported(lane_with, tmp_path, monkeypatch):
    for name in ("presidio_analyzer", "spacy", "detect_secrets", "json", "tightlip"):
        (tmp_path / f"{name}.py").write_text("import os; os._exit(66)")
    monkeypatch.chdir(tmp_path)
    watched = lane_with(limits=Limits())
    assert watched.look("bob@acme.io").findings


# How the worker ends


def test_the_worker_ends_with_its_input_even_in_the_middle_of_a_job(tmp_path):
    settings = plugin(tmp_path, "Path(__file__).with_name('busy').touch()\ntime.sleep(60)")
    process = subprocess.Popen(
        worker_command(1_500_000_000),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    process.stdin.write(encode(Request(1, (Region("x", 0),), settings=settings)))
    process.stdin.flush()
    wait_until(lambda: (tmp_path / "busy").exists(), 30)
    process.stdin.close()
    assert process.wait(20) == 0


def test_no_worker_is_left_behind_when_the_editor_is_killed(tmp_path):
    # the pattern holds the interpreter's lock, so that the worker cannot see the end of its input
    settings = plugin(tmp_path, "import re\nPath(__file__).with_name('busy').touch()\nre.match(r'(?:a|a)+b', 'a' * 60)")
    script = f"""
import time
from tightlip.detect.deep.client import DeepLane
from tightlip.detect.deep.job import DeepJob
from tightlip.detect.deep.protocol import Settings
lane = DeepLane(on_state=lambda state: state.worker and print(state.worker.pid, flush=True))
lane.submit(DeepJob("x", settings=Settings(baseline={settings.baseline!r}, run_baseline_code=True)))
time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment)
    pid = int(parent.stdout.readline())
    wait_until(lambda: (tmp_path / "busy").exists(), 30)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not _is_running(pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_killed_in_the_middle_of_a_job_is_replaced_and_the_job_done(lane_with, tmp_path):
    flag = tmp_path / "was-here"
    body = f"flag = Path({str(flag)!r})\nif not flag.exists():\n    flag.touch()\n    time.sleep(60)\nyield string"
    watched = lane_with(limits=Limits(first_pause=0.1))
    future = watched.lane.submit(DeepJob("B-123 456", settings=plugin(tmp_path, body)))
    wait_until(flag.exists, 30)
    os.kill(watched.pids()[0], signal.SIGKILL)
    assert {f.value for f in future.result(30).findings} == {"B-123 456"}
    words = watched.words()
    assert words[2:7] == [State.BUSY, State.RESTARTING, State.STARTING, State.READY, State.BUSY]

    # the same worker: a plugin that hangs, then one that eats memory
    watched.lane._limits = Limits(job=1.0, first_pause=0.1)
    hanging = watched.lane.submit(DeepJob("B-123 456", settings=plugin(tmp_path, "time.sleep(60)", "hang.py"))).result(
        30
    )
    assert [notice.code for notice in hanging.notices] == ["deep-timeout"]
    watched.lane._limits = Limits(first_pause=0.1)
    eating = plugin(tmp_path, "hoard = []\nwhile True: hoard.append(bytearray(50_000_000))", "eat.py")
    assert [n.code for n in watched.lane.submit(DeepJob("B-123 456", settings=eating)).result(30).notices] == [
        "deep-memory"
    ]
    assert watched.look("bob@acme.io").findings


# Names of people, where a spaCy model is installed


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory) -> Path:
    """A folder with an installed spaCy model package, small enough to be made here: it knows two names."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "en_tiny.py").write_text(
        "import spacy\n\n"
        "def load(**_):\n"
        "    nlp = spacy.blank('en')\n"
        "    names = ('Ada Lovelace', 'Grace Hopper', 'Stop')\n"
        "    nlp.add_pipe('entity_ruler').add_patterns([{'label': 'PERSON', 'pattern': name} for name in names])\n"
        "    return nlp\n"
    )
    info = folder / "en_tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: en-tiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[spacy_models]\nen_tiny = en_tiny\n")
    return folder


def test_names_of_people_are_found_in_comments_and_strings_by_an_installed_model(lane_with, model_folder, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{model_folder}")
    watched = lane_with(limits=Limits())
    text = (
        "# written by Ada Lovelace\nclass Grace Hopper: Stop\nx = 'for Grace Hopper, Stop'\nclass StopIteration: pass\n"
    )
    findings = watched.look(text, path="a.py").findings
    assert [(f.value, text[: f.span.start].count("\n")) for f in findings] == [("Ada Lovelace", 0), ("Grace Hopper", 2)]
    assert {(f.rule, f.confidence, f.severity) for f in findings} == {
        ("presidio-person", Confidence.LOW, Severity.INFORMATION)
    }
    assert watched.lane.state.worker.models == ("en_tiny",)
    assert "names of people in prose by en_tiny" in watched.lane.state.sentence
