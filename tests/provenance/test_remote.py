from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.provenance.remote import normalise_remote, through_ssh

PAY = "github.com/acme/pay"


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:acme/pay.git",
        "git@github.com:acme/pay",
        "github.com:acme/pay.git",
        "git@GitHub.COM:Acme/Pay.git",
        "me@corp.com@github.com:acme/pay.git",
        "git@github.com:/acme/pay.git/",
        "https://github.com/acme/pay",
        "https://github.com/acme/pay.git",
        "https://github.com/acme/pay/",
        "https://github.com/acme/pay.git/",
        "https://github.com//acme//pay",
        "HTTPS://user@GitHub.com/acme/pay.git",
        "https://user:" + "pw@github.com:443/acme/pay.git",
        "https://github.com./acme/pay",
        "https://www.github.com/acme/pay",
        "http://github.com/acme/pay",
        "git://github.com/acme/pay.git",
        "git+ssh://git@github.com/acme/pay.git",
        "ssh://git@github.com/acme/pay.git",
        "ssh://git@github.com:22/acme/pay.git",
        "ssh://git@ssh.github.com:443/acme/pay.git",
        "git@[github.com:22]:acme/pay.git",
        "ssh://ssh.github.com:443/acme/pay.git",
        "git+https://github.com/acme/pay.git",
        "remote-helper::https://github.com/acme/pay.git",
        "https://x-access-token:" + "pw@github.com/acme/pay.git",
        "https://github.com/acme/%70ay.git",
        "git@github.com:acme//pay.git",
        "  https://github.com/acme/pay \n",
        "github.com/acme/pay",
        "github.com/acme/pay.git",
    ],
)
def test_every_spelling_of_a_remote_is_one_name(url: str) -> None:
    assert normalise_remote(url) == PAY


@pytest.mark.parametrize(
    "url",
    [
        "https://dev.azure.com/acme/Money/_git/pay",
        "https://acme@dev.azure.com/acme/Money/_git/pay",
        "git@ssh.dev.azure.com:v3/acme/Money/pay",
        "https://acme.visualstudio.com/Money/_git/pay",
        "https://acme.visualstudio.com/DefaultCollection/Money/_git/pay",
        "acme@vs-ssh.visualstudio.com:v3/acme/Money/pay",
        "ssh://git@ssh.dev.azure.com:22/v3/acme/Money/pay",
        "ssh://acme@vs-ssh.visualstudio.com:22/v3/acme/Money/pay",
        "ssh://acme@vs-ssh.visualstudio.com:22/Money/_ssh/pay",
        "ssh://acme@vs-ssh.visualstudio.com:22/DefaultCollection/Money/_ssh/pay",
        "ssh://acme@acme.visualstudio.com:22/DefaultCollection/Money/_git/pay",
        "https://dev.azure.com/acme/Money/_git/_full/pay",
        "https://acme.visualstudio.com/Money/_git/_optimized/pay",
        "https://ACME.visualstudio.com/money/_git/Pay",
    ],
)
def test_old_and_new_azure_addresses_are_one_name(url: str) -> None:
    assert normalise_remote(url) == "dev.azure.com/acme/money/pay"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://dev.azure.com/acme/_git/pay", "dev.azure.com/acme/pay/pay"),
        ("https://acme.visualstudio.com/_git/pay", "dev.azure.com/acme/pay/pay"),
        ("https://acme.visualstudio.com/DefaultCollection/_git/pay", "dev.azure.com/acme/pay/pay"),
        ("https://dev.azure.com/acme/My%20Money/_git/pay", "dev.azure.com/acme/my money/pay"),
        ("git@ssh.dev.azure.com:v3/acme/My%20Money/pay", "dev.azure.com/acme/my money/pay"),
        ("ssh://git@altssh.gitlab.com:443/acme/pay.git", "gitlab.com/acme/pay"),
        ("ssh://git@altssh.bitbucket.org:443/acme/pay.git", "bitbucket.org/acme/pay"),
        ("https://git.acme.example/Team/Pay.git", "git.acme.example/Team/Pay"),
        ("ssh://git@git.acme.example:7999/team/pay.git", "git.acme.example/team/pay"),
        ("git@gitlab.com:acme/backend/pay.git", "gitlab.com/acme/backend/pay"),
        ("ssh://git@[::1]:22/srv/pay.git", "[::1]/srv/pay"),
        ("git@[2001:DB8::1]:pay.git", "[2001:db8::1]/pay"),
        ("/srv/git/pay.git", "/srv/git/pay"),
        ("/srv/git/pay/.git", "/srv/git/pay"),
        ("file:///srv/git/pay.git", "/srv/git/pay"),
        ("file://localhost/srv/git/pay.git", "/srv/git/pay"),
        ("file:///C:/git/pay.git", "C:/git/pay"),
        ("../pay.git", "../pay"),
        (r"\\server\share\pay.git", "//server/share/pay"),
        (r"C:\git\pay.git", "C:/git/pay"),
        ("C:/git/pay.git", "C:/git/pay"),
        ("ext::ssh://git@github.com/acme/pay", PAY),
        ("git@host.example:dir/a:b", "host.example/dir/a:b"),
        ("", ""),
    ],
)
def test_other_forms_of_git_urls_keep_what_identifies_them(url: str, name: str) -> None:
    assert normalise_remote(url) == name


@pytest.mark.parametrize(
    ("url", "real"),
    [
        ("git@office:acme/pay.git", PAY),
        ("office:acme/pay.git", PAY),
        ("ssh://git@office:2222/acme/pay", PAY),
        ("git+ssh://office/acme/pay", PAY),
        ("git@[office:22]:acme/pay.git", PAY),
        ("git@OFFICE:acme/pay", PAY),
        ("git@github.com:acme/pay", PAY),
        ("https://office/acme/pay", "office/acme/pay"),
        ("ext::ssh://office/acme/pay", "office/acme/pay"),
        ("/srv/office:acme/pay", "/srv/office:acme/pay"),
        ("git@six:acme/pay", "[2001:db8::1]/acme/pay"),
        ("", ""),
    ],
)
def test_a_host_that_ssh_knows_by_another_name_has_its_real_one(url: str, real: str) -> None:
    names = {"office": "ssh.github.com", "six": "2001:DB8::1"}
    assert normalise_remote(through_ssh(url, lambda host: names.get(host, host))) == real


@given(st.text())
def test_normalising_never_raises(url: str) -> None:
    assert isinstance(normalise_remote(url), str)
    assert isinstance(normalise_remote(through_ssh(url, lambda host: host + "x")), str)


@given(
    st.sampled_from(["https://{}@github.com/acme/pay", "ssh://git:{}@host.example:22/x", "{}@github.com:acme/pay.git"]),
    st.text(st.characters(whitelist_categories=["Lu", "Ll", "Nd"]), min_size=8),
)
def test_the_user_part_of_an_address_is_not_kept(form: str, user: str) -> None:
    assert user not in normalise_remote(form.format(user))


@given(st.from_regex(r"[a-z]{2,8}\.example/[A-Za-z0-9_-]{1,8}/[A-Za-z0-9_-]{1,8}", fullmatch=True))
def test_a_normalised_name_stays_as_it_is(name: str) -> None:
    assert normalise_remote(name) == name
    assert normalise_remote(f"https://{name}.git") == name
