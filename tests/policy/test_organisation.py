"""The organisation's policy counts when it is proven; whatever does not count is told, and never passed over."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.policy.conftest import NOW, WHO, Org, told
from tightlip.finding import Action, Category
from tightlip.policy import ownership, signature
from tightlip.policy.load import Above, load_policy
from tightlip.policy.organisation import Organisation, State, organisation
from tightlip.policy.places import Places


def names(found: Organisation) -> list[str]:
    return [Path(file.path).name for file in found.files]


# a folder that only the administrator writes


def test_without_a_policy_the_state_is_absent_and_nothing_is_wrong(org: Org):
    found = org.read()
    assert (found.state, found.files, found.problems, found.broken) == (State.ABSENT, (), (), False)
    assert found.sentence == f"There is no organisation's policy on this machine: nothing lies in {org.folder}."
    assert str(org.folder) in found.watched


def test_a_file_of_the_administrators_is_trusted(org: Org):
    path = org.write(text='[bundle]\nid = "acme"\nrevision = 7\n[detect.secret]\naction = "block"\n')
    found = org.read()
    assert (found.state, found.problems, found.broken) == (State.TRUSTED, (), False)
    assert (
        found.sentence
        == "The organisation's policy acme revision 7 is in force; only an administrator can have written it."
    )
    (file,) = found.files
    assert (file.path, file.name, file.base) == (str(path), str(path), str(org.folder))
    assert file.document.data["detect"] == {"secret": {"action": "block"}}
    assert file.document.line("detect", "secret", "action") == 5
    assert found.bundle is not None
    assert found.bundle.source == f"{path}:1"


def test_drop_ins_follow_in_the_order_of_their_names(org: Org):
    for name in (
        "policy.d/20-b.toml",
        "tightlip.toml",
        "policy.d/10-a.toml",
        "policy.d/.hidden.toml",
        "policy.d/x.toml~",
    ):
        org.write(name)
    found = org.read()
    assert names(found) == ["tightlip.toml", "10-a.toml", "20-b.toml"]
    assert found.files[1].base == str(org.folder / "policy.d")


def test_windows_line_ends_and_a_byte_order_mark_are_read_with_their_places(org: Org):
    org.write(text=b"\xef\xbb\xbf[detect.secret]\r\naction = 'block'\r\n")
    (file,) = org.read().files
    assert file.document.line("detect", "secret") == 1


@pytest.mark.parametrize("theirs", ["", "tightlip.toml"])
def test_a_file_that_others_may_write_only_tightens(org: Org, theirs: str):
    org.write()
    (org.folder / theirs).chmod(0o777)
    found = org.read()
    assert (found.state, found.broken, found.files) == (State.UNTRUSTED, True, ())
    assert [file.name for file in found.tightening] == [str(org.folder / "tightlip.toml")]
    assert "run chmod go-w" in told(found)
    assert "is not believed" in found.sentence


def test_a_folder_from_which_others_may_have_taken_the_policy_is_told(org: Org):
    org.write("policy.d/10-a.toml")
    (org.folder / "policy.d").chmod(0o777)
    (org.folder / "policy.d/10-a.toml").unlink()
    found = org.read()
    assert (found.state, found.broken) == (State.UNTRUSTED, True)
    assert "one may have been taken away" in found.sentence


def test_a_slip_in_one_file_costs_that_file_and_is_told_with_its_place(org: Org):
    org.write()
    org.write("policy.d/10-a.toml", "[detect]\naction = = 1\n")
    org.write("policy.d/20-b.toml")
    found = org.read()
    assert names(found) == ["tightlip.toml", "20-b.toml"]
    assert (found.state, found.broken) == (State.TRUSTED, True)
    assert told(found).startswith(f"{org.folder}/policy.d/10-a.toml:2:10: this is not TOML")
    assert "in force only in part" in found.sentence


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (lambda path: path.symlink_to("nowhere"), "cannot read this file"),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "larger than 1000 kB"),
        (lambda path: path.write_bytes(b"\xff"), "not UTF-8"),
        (lambda path: path.write_bytes(b"x = " + b"[" * 5000), "nested too deeply"),
        (lambda path: path.write_bytes(b"x = " + b"1" * 5000), "too long"),
    ],
)
def test_what_cannot_be_read_is_told_and_its_neighbours_count(org: Org, make: Callable[[Path], None], message: str):
    org.write("policy.d/10-a.toml")
    make(org.folder / "tightlip.toml")
    found = org.read()
    assert found.broken
    assert names(found) == ["10-a.toml"]
    assert message in told(found)


@pytest.mark.parametrize("where", ["", "policy.d"])
def test_a_file_where_a_folder_belongs_is_told(org: Org, where: str):
    path = org.folder / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    found = org.read()
    assert (found.state, found.broken) == (State.UNTRUSTED, True)
    assert "Not a directory" in told(found)


@pytest.mark.parametrize("refused", ["tightlip.toml", "policy.d"])
def test_what_may_not_be_looked_at_is_told(org: Org, monkeypatch: pytest.MonkeyPatch, refused: str):
    org.write()
    org.write("policy.d/10-a.toml")

    def refuse(real: Callable[..., object]) -> Callable[..., object]:
        def call(path: str, *rest: object) -> object:
            if str(path).endswith(refused):
                raise PermissionError(13, "Permission denied")
            return real(path, *rest)

        return call

    for name in ("open", "listdir"):
        monkeypatch.setattr(os, name, refuse(getattr(os, name)))
    found = org.read()
    assert found.broken
    assert "Permission denied" in told(found)


def test_a_mistake_in_the_bundle_is_told_and_what_protects_it_counts_as_missing(org: Org):
    org.write(text='[bundle]\nid = "acme"\nexpire = 2027-01-01\n')
    found = org.read()
    assert (found.broken, len(found.files)) == (False, 1)
    assert 'Did you mean "expires"?' in told(found)
    org.write(text='[bundle]\nid = "acme"\nexpires = "soon"\n')
    found = org.read()
    assert (found.broken, len(found.files)) == (True, 1)


def test_nothing_is_remembered_of_a_policy_that_needs_no_memory(org: Org):
    org.write()
    org.read()
    assert not Path(org.places.state).exists()


# other users


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter, as /etc is."""
    with tempfile.TemporaryDirectory(prefix="tightlip-test-", dir="/tmp") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


def as_nobody(folder: Path) -> tuple[str, bool, int]:
    """State, whether broken, and how many files, as a user sees them who is not root."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            found = organisation(Places(str(folder)))
            os.write(write, f"{found.state.value} {found.broken} {len(found.files)}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        state, broken, files = pipe.read().split()
    return state, broken == "True", int(files)


def test_nobody_is_his_own_organisation(shared: Path):
    folder = shared / "tightlip"
    folder.mkdir(mode=0o755)
    (folder / "tightlip.toml").write_text("")
    if os.getuid() == 0:
        os.chown(folder, 65534, 65534)
    assert as_nobody(folder) == ("untrusted", True, 0)


def test_a_user_believes_what_the_administrator_wrote_and_is_told_what_he_may_not_read(
    shared: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ownership, "ADMINISTRATOR", frozenset({0, os.getuid()}))
    closed = 0o700 if os.getuid() == 0 else 0
    folder = shared / "tightlip"
    (folder / "policy.d").mkdir(parents=True, mode=0o755)
    file = folder / "tightlip.toml"
    file.write_text("")
    assert as_nobody(folder) == ("trusted", False, 1)
    file.chmod(closed & 0o600)
    assert as_nobody(folder) == ("untrusted", True, 0)
    file.chmod(0o644)
    (folder / "policy.d").chmod(closed)
    assert as_nobody(folder) == ("untrusted", True, 1)
    (folder / "policy.d").chmod(0o755)
    folder.chmod(closed)
    assert as_nobody(folder) == ("untrusted", True, 0)
    folder.chmod(0o755)


# files that a policy names


def test_a_baseline_beside_a_policy_counts_only_where_nobody_else_can_have_written_it(org: Org):
    org = org.bundle('[detect.detect_secrets]\nbaseline = "known"\n')
    known = org.bundle_path.with_name("known")
    known.write_text("{}")
    assert load_policy(None, above=Above(org.read())).baseline is not None
    known.chmod(0o666)
    policy = load_policy(None, above=Above(org.read()))
    assert policy.baseline is None
    assert policy.problems[0].message.startswith("this baseline lets nothing through: it may be somebody else's: ")


def test_code_beside_a_policy_is_run_only_where_nobody_else_can_have_written_it(org: Org):
    named = '[detect.detect_secrets]\nplugins = ["p.py"]\n[detect.presidio]\nrecognizers = "r.yaml"\n'
    org = org.bundle(named)
    for name in ("p.py", "r.yaml"):
        org.bundle_path.with_name(name).write_text("")
    policy = load_policy(None, above=Above(org.read()))
    assert [Path(plugin.path).name for plugin in policy.plugins] == ["p.py"]
    assert policy.problems == ()
    for name in ("p.py", "r.yaml"):
        org.bundle_path.with_name(name).chmod(0o666)
    policy = load_policy(None, above=Above(org.read()))
    assert policy.plugins == ()
    assert policy.recognizers is not None
    assert [problem.message.partition(": ")[0] for problem in policy.problems] == [
        "this code is not run",
        "what this names may be somebody else's",
    ]
    org.bundle_path.with_name("p.py").unlink()
    assert load_policy(None, above=Above(org.read())).plugins == ()


# signatures


def test_a_signed_bundle_counts_wherever_it_lies(org: Org):
    org = org.bundle()
    org.bundle_path.chmod(0o666)
    found = org.read()
    assert (found.state, found.broken, found.problems) == (State.SIGNED, False, ())
    assert found.sentence == (
        f"The organisation's policy acme revision 7 is in force, signed by {WHO}, as {org.folder}/allowed_signers allows."
    )
    assert names(found) == ["bundle.toml"]
    assert {str(org.bundle_path), f"{org.bundle_path}.sig", *org.places.signers[:1]} <= set(found.watched)


def test_the_folder_and_the_bundle_both_count(org: Org):
    org.write()
    found = org.bundle().read()
    assert names(found) == ["tightlip.toml", "bundle.toml"]
    assert found.state is State.SIGNED


def test_a_file_that_others_may_write_counts_when_it_is_signed(org: Org):
    path = org.write()
    path.chmod(0o666)
    org.sign(path)
    org.pin()
    found = org.read()
    assert (found.state, found.broken, names(found)) == (State.SIGNED, False, ["tightlip.toml"])


def test_a_signature_that_lies_beside_a_trusted_file_must_verify_too(org: Org):
    org.sign(org.write())
    org.pin()
    assert org.read().state is State.SIGNED
    org.write(text="x = 1\n")
    found = evolve(org, places=org.places._replace(state="")).read()
    assert (found.state, found.broken, found.files) == (State.UNTRUSTED, True, ())
    assert "changed after it was signed" in told(found)


def test_where_the_organisation_pins_nobody_the_accounts_own_signers_count_and_the_sentence_says_so(org: Org):
    org = org.bundle()
    org.folder.joinpath("allowed_signers").unlink()
    org.folder.rmdir()
    assert org.read().broken
    org.pin(where=Path(org.places.signers[1]))
    found = org.read()
    assert found.state is State.SIGNED
    assert found.sentence.endswith(f"signed by {WHO}, as this account's {org.places.signers[1]} allows.")


def test_the_accounts_signers_add_nobody_to_the_organisations(org: Org):
    org = org.bundle(key="stranger")
    org.pin("stranger", where=Path(org.places.signers[1]))
    found = org.read()
    assert (found.broken, found.files) == (True, ())
    assert "does not name" in told(found)


def test_signers_of_the_organisation_that_others_may_write_are_told_and_do_not_count(org: Org):
    org = org.bundle()
    Path(org.places.signers[0]).chmod(0o666)
    found = org.read()
    assert found.broken
    assert "these signers do not count" in told(found)
    org.pin(where=Path(org.places.signers[1]))
    found = org.read()
    assert (found.broken, found.files) == (True, ())
    assert "these signers do not count" in told(found)


def test_a_user_who_pins_himself_is_not_the_organisation_of_a_machine_that_has_one(org: Org):
    org.write(text='[detect.secret]\naction = "block"\n')
    org = org.bundle('[detect.secret]\naction = "off"\n[scan]\nexclude = ["**"]\n', key="stranger")
    Path(org.places.signers[0]).unlink()
    org.pin("stranger", where=Path(org.places.signers[1]))
    found = org.read()
    assert names(found) == ["tightlip.toml"]
    assert (found.state, found.broken, len(found.tightening)) == (State.UNTRUSTED, True, 1)
    assert f"an administrator must name the signer in {org.places.signers[0]}" in told(found)
    policy = load_policy(None, above=Above(found))
    assert policy.action(Category.SECRET).value is Action.BLOCK
    assert policy.exclude == ()


def test_a_copy_from_the_time_before_a_machine_had_an_organisation_is_not_the_organisations(org: Org):
    org = org.bundle(key="stranger")
    Path(org.places.signers[0]).unlink()
    org.folder.rmdir()
    org.pin("stranger", where=Path(org.places.signers[1]))
    assert org.read().state is State.SIGNED
    org.write()
    assert names(org.read()) == ["tightlip.toml"]
    assert org.read().broken


def test_what_an_administrator_wrote_and_this_accounts_signer_signed_is_the_administrators(org: Org):
    org.sign(org.write())
    org.pin(where=Path(org.places.signers[1]))
    found = org.read()
    assert (found.broken, names(found)) == (False, ["tightlip.toml"])


def test_signers_in_the_organisations_folder_must_be_the_administrators_and_not_just_this_users(
    org: Org, monkeypatch: pytest.MonkeyPatch
):
    org = org.bundle()
    monkeypatch.setattr(ownership, "ADMINISTRATOR", frozenset())
    found = org.read()
    assert (found.broken, found.files) == (True, ())
    assert "these signers do not count" in told(found)


def test_signers_of_the_organisation_that_cannot_be_read_are_not_passed_over(org: Org):
    org = org.bundle()
    Path(org.places.signers[0]).unlink()
    Path(org.places.signers[0]).symlink_to("nowhere")
    org.pin(where=Path(org.places.signers[1]))
    found = org.read()
    assert (found.broken, found.files) == (True, ())


def break_bundle(org: Org, how: str) -> None:
    path = org.bundle_path
    signature_path = path.with_name("bundle.toml.sig")
    if how == "missing":
        path.unlink()
    elif how == "stripped":
        signature_path.unlink()
    elif how == "changed":
        path.write_bytes(path.read_bytes() + b"\n")
    elif how == "signature of something else":
        org.sign(path, namespace="git")
    elif how == "unknown signer":
        org.sign(path, "stranger")
    elif how == "damaged signature":
        signature_path.write_bytes(b"-----BEGIN SSH SIGNATURE-----\n")
    elif how == "signature is a folder":
        signature_path.unlink()
        signature_path.mkdir()
    elif how == "no TOML":
        path.write_text("= 1")
        org.sign(path)
    elif how == "a folder":
        path.unlink()
        path.mkdir()


BREAKS = [
    "missing",
    "stripped",
    "changed",
    "signature of something else",
    "unknown signer",
    "damaged signature",
    "signature is a folder",
    "no TOML",
    "a folder",
]


@pytest.mark.parametrize("how", BREAKS)
def test_a_bundle_that_does_not_verify_and_has_no_good_copy_breaks_the_policy(org: Org, how: str):
    org = org.bundle()
    break_bundle(org, how)
    found = org.read()
    assert (found.broken, found.files) == (True, ())
    assert found.state is (State.SIGNED if how == "no TOML" else State.UNTRUSTED)
    assert len(found.problems) == 1
    assert str(org.bundle_path) in told(found)
    assert len(found.tightening) == (how not in ("missing", "a folder", "no TOML"))
    assert not Path(org.places.state).exists()


@pytest.mark.parametrize("how", BREAKS)
def test_its_last_good_copy_stands_in_for_thirty_days_and_it_says_so(org: Org, how: str):
    org = org.bundle()
    assert org.read().state is State.SIGNED
    break_bundle(org, how)
    found = org.read(NOW + timedelta(days=29))
    assert (found.state, found.broken, found.tightening) == (State.STALE, False, ())
    assert "its last good copy (acme revision 7) is kept until 2026-12-22" in told(found)
    assert "is stale" in found.sentence
    assert found.until == NOW + timedelta(days=30)
    (file,) = found.files
    assert file.document.data["bundle"]["revision"] == 7
    assert Path(file.path).parent == Path(org.places.state)
    assert file.base == str(org.bundle_path.parent)
    found = org.read(NOW + timedelta(days=31))
    assert (found.broken, found.files) == (True, ())


def test_a_copy_that_somebody_changed_is_not_believed(org: Org):
    org = org.bundle()
    org.read()
    break_bundle(org, "stripped")
    (copy,) = Path(org.places.state).glob("*.toml")
    copy.write_bytes(copy.read_bytes() + b"[inline]\nallow = true\n")
    assert (org.read().broken, org.read().files) == (True, ())


def test_a_copy_of_a_signer_who_may_sign_no_more_is_not_believed(org: Org):
    org = org.bundle()
    org.read()
    break_bundle(org, "stripped")
    org.pin("stranger")
    assert org.read().broken


def test_a_bundle_must_be_named_by_an_absolute_path(org: Org, monkeypatch: pytest.MonkeyPatch):
    org = org.bundle()
    monkeypatch.chdir(org.bundle_path.parent)
    for name in ("bundle.toml", "./bundle.toml", "~/bundle.toml", "\0", " "):
        found = evolve(org, places=org.places._replace(bundle=name)).read()
        assert (found.state, found.broken, found.files) == (State.UNTRUSTED, True, ())
        assert "absolute path" in told(found)
    assert evolve(org, places=org.places._replace(bundle="/\0")).read().broken


def test_without_ssh_keygen_a_signed_policy_is_not_believed_and_a_trusted_one_is(
    org: Org, monkeypatch: pytest.MonkeyPatch
):
    org.write()
    org = org.bundle()
    monkeypatch.setattr(signature, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    found = org.read()
    assert (found.state, found.broken, names(found)) == (State.UNTRUSTED, True, ["tightlip.toml"])
    assert "install OpenSSH" in found.sentence
    assert found.sentence.startswith("Part of the organisation's policy is not believed")


def test_what_is_parsed_is_what_was_verified(org: Org, monkeypatch: pytest.MonkeyPatch):
    """The file is exchanged right after it was read: the exchange has no effect."""
    org = org.bundle()
    real = signature._run

    def exchange(*arguments: object) -> object:
        org.bundle_path.write_text("[inline]\nallow = true\n")
        return real(*arguments)

    monkeypatch.setattr(signature, "_run", exchange)
    (file,) = org.read().files
    assert "inline" not in file.document.data


# revisions and times


def test_a_revision_never_falls_and_the_last_good_copy_stays(org: Org):
    org.bundle(head='id = "acme"\nrevision = 8\n').read()
    found = org.bundle().read()
    assert (found.state, found.broken) == (State.STALE, False)
    assert found.bundle is not None
    assert found.bundle.revision == 8
    assert "acme revision 7 was rolled back: revision 8 was seen" in told(found)
    found = org.bundle(head='id = "acme"\nrevision = 9\n').read()
    assert (found.state, found.problems) == (State.SIGNED, ())


@pytest.mark.parametrize("head", ['id = "acme"\nrevision = 7\n', 'id = "acme"\n'])
def test_a_trusted_file_is_not_rolled_back_either(org: Org, head: str):
    org.write(text='[bundle]\nid = "acme"\nrevision = 8\n')
    assert org.read().state is State.TRUSTED
    path = org.write(text=f"[bundle]\n{head}")
    found = org.read()
    assert (found.state, found.broken, found.files) == (State.UNTRUSTED, True, ())
    assert [file.path for file in found.tightening] == [str(path)]
    assert "revision 8 was seen" in told(found)


def test_of_two_files_of_one_policy_the_older_does_not_count(org: Org):
    org.write(text='[bundle]\nid = "acme"\nrevision = 8\n')
    found = org.bundle().read()
    assert (names(found), found.broken) == (["tightlip.toml"], True)
    assert "acme revision 7 was rolled back" in told(found)


def test_a_file_that_is_not_believed_makes_no_other_one_old(org: Org):
    """Else whoever may write one file could switch the others off with a high revision."""
    org.write(text='[bundle]\nid = "acme"\nrevision = 8\n')
    org.write("policy.d/10-a.toml", '[bundle]\nid = "acme"\nrevision = 99\n').chmod(0o666)
    for _ in range(2):
        assert names(org.read()) == ["tightlip.toml"]


def test_a_signed_policy_without_an_id_does_not_follow_one_that_had_it(org: Org):
    org.bundle().read()
    found = org.bundle(head="").read()
    assert found.state is State.STALE
    assert "has no [bundle] id" in told(found)


def test_policies_with_other_ids_have_revisions_of_their_own(org: Org):
    org.bundle().read()
    found = org.bundle(head='id = "acme-europe"\nrevision = 1\n').read()
    assert (found.state, found.problems) == (State.SIGNED, ())


def test_a_policy_that_is_not_in_force_yet_waits_and_the_last_good_copy_stays(org: Org):
    later = 'id = "acme"\nrevision = 8\nnot_before = 2026-12-01T08:00:00+02:00\n'
    found = org.bundle(head=later).read()
    assert (found.broken, found.files) == (True, ())
    assert "is in force only from 2026-12-01 06:00 UTC" in told(found)
    org.bundle().read()
    machine = org.bundle(head=later)
    found = machine.read()
    assert (found.state, found.broken) == (State.STALE, False)
    assert found.bundle is not None
    assert found.bundle.revision == 7
    assert found.until == datetime(2026, 12, 1, 6, tzinfo=timezone.utc)
    found = machine.read(found.until)
    assert (found.state, found.problems) == (State.SIGNED, ())


@pytest.mark.parametrize("signed", [True, False])
def test_an_expired_policy_is_kept_for_thirty_days_and_says_so(org: Org, signed: bool):
    head = 'id = "acme"\nrevision = 7\nexpires = 2026-11-30\nincident_contact = "security@acme.example"\n'
    if signed:
        org = org.bundle(head=head)
    else:
        org.write(text=f"[bundle]\n{head}")
    end = datetime(2026, 12, 1, tzinfo=timezone.utc)
    found = org.read(end - timedelta(seconds=1))
    assert (found.state, found.problems) == ((State.SIGNED if signed else State.TRUSTED), ())
    assert found.until == end - timedelta(microseconds=1)
    for moment in (end, end + timedelta(days=29, hours=23)):
        found = org.read(moment)
        assert (found.state, found.broken, len(found.files)) == (State.STALE, False, 1)
        assert (
            "expired on 2026-11-30 and is kept until 2026-12-30; get the newest one from security@acme"
            in found.sentence
        )
    found = org.read(end + timedelta(days=30))
    assert (found.state, found.broken, found.files, len(found.tightening)) == (State.STALE, True, (), 1)
    assert "expired more than 30 days ago" in told(found)


def test_a_damaged_memory_is_told_and_the_policy_counts(org: Org):
    org = org.bundle()
    org.read()
    file = Path(org.places.state) / "seen.json"
    file.write_text("{")
    found = org.read()
    assert (found.state, found.broken, len(found.files)) == (State.SIGNED, False, 1)
    assert "an older policy would not be noticed" in told(found)
    assert file.read_text() == "{"


def test_a_memory_that_cannot_be_written_is_told_and_the_policy_counts(org: Org):
    found = evolve(org.bundle(), places=org.bundle().places._replace(state="")).read()
    assert (found.state, found.broken) == (State.SIGNED, False)
    assert "cannot be remembered" in told(found)


def test_a_time_without_an_offset_is_utc(org: Org):
    org = org.bundle(head='id = "acme"\nnot_before = 2026-11-22T12:00:00Z\n')
    assert org.read(datetime(2026, 11, 22, 12)).state is State.SIGNED
    assert org.read(datetime(2026, 11, 22, 11, 59)).broken


# what a device manager writes


def test_a_property_list_of_a_device_manager_comes_first(org: Org):
    import plistlib

    org.write()
    plist = org.root / "tightlip.plist"
    machine = evolve(org, places=org.places._replace(managed=str(plist)))
    assert machine.read().state is State.TRUSTED
    for value in ("[inline]\nallow = false\n", b"[inline]\nallow = false\n"):
        plist.write_bytes(plistlib.dumps({"PolicyToml": value}))
        found = machine.read()
        assert (found.state, found.broken) == (State.TRUSTED, False)
        assert [file.path for file in found.files] == [str(plist), str(org.folder / "tightlip.toml")]
        assert found.files[0].base == str(org.folder)
    plist.write_bytes(plistlib.dumps({"Other": 1}))
    assert names(machine.read()) == ["tightlip.toml"]
    plist.chmod(0o666)
    found = machine.read()
    assert (found.state, found.broken, found.tightening) == (State.UNTRUSTED, True, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=100) | st.binary(max_size=100).map(lambda tail: b"<plist><dict><key>PolicyToml</key>" + tail))
def test_no_property_list_makes_it_raise(org: Org, data: bytes):
    plist = org.root / "tightlip.plist"
    plist.write_bytes(data)
    found = organisation(org.places._replace(managed=str(plist)), NOW)
    assert found.broken
    assert len(found.problems) == 1


# any input


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    st.none() | st.binary(max_size=100),
    st.none() | st.binary(max_size=60),
)
def test_no_bytes_make_it_raise(org: Org, data: bytes, sig: bytes | None, state: bytes | None):
    org.write(text=data)
    org.write("policy.d/10-a.toml")
    org.pin()
    for path, content in (
        (org.folder / "tightlip.toml.sig", sig),
        (Path(org.places.state) / "seen.json", state),
    ):
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
    found = org.read()
    assert "10-a.toml" in names(found)
    assert found.broken >= (sig is not None)
    assert found.sentence.count("\n") == 0


@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.text(max_size=30), max_size=2), st.text(max_size=30))
def test_no_places_make_it_raise(folder: str, bundle: str, signers: list[str], state: str):
    found = organisation(Places(f"/nowhere/{folder}", bundle, tuple(signers), f"/nowhere/{state}"), NOW)
    assert found.broken == bool(bundle) or "\0" in folder


# it costs next to nothing


def test_where_there_is_no_policy_one_look_suffices(org: Org, monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []
    for name in ("lstat", "open", "listdir", "stat"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, real=real, name=name, **rest: calls.append(name) or real(*args, **rest)
        )
    assert org.read().state is State.ABSENT
    assert calls == ["lstat"]


def test_no_process_is_started_for_a_policy_without_a_signature(org: Org, monkeypatch: pytest.MonkeyPatch):
    org.write()
    monkeypatch.setattr(subprocess, "Popen", None)
    assert org.read().state is State.TRUSTED


def test_nothing_heavy_is_imported_for_a_policy_without_a_signature():
    code = (
        "import sys; from tightlip.policy.organisation import organisation; from tightlip.policy.places import Places\n"
        "organisation(Places('/etc'))\nprint(*{'subprocess', 'tempfile', 'plistlib', 'difflib', 'platformdirs'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
