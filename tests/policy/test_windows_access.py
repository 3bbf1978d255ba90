"""Whom an access list of Windows lets write, by the lists that Windows gives its folders; runs on every system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.policy.windows import doubt_of_access, doubt_of_sddl

TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

# as icacls /save shows them on a Windows that nobody changed
PROGRAM_FILES = (
    f"O:{TRUSTED_INSTALLER}G:{TRUSTED_INSTALLER}D:PAI(A;;FA;;;{TRUSTED_INSTALLER})(A;CIIO;GA;;;{TRUSTED_INSTALLER})"
    "(A;;0x1301bf;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)"
    "(A;OICIIO;GA;;;CO)(A;;0x1200a9;;;AC)(A;OICIIO;GXGR;;;AC)"
)
DRIVE = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;OICIIO;SDGXGWGR;;;AU)(A;;LC;;;AU)"
PROGRAM_DATA = (
    "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)"
)
OF_A_USER = "O:S-1-5-21-1-2-3-1001G:S-1-5-21-1-2-3-513D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;S-1-5-21-1-2-3-1001)"
FILE = "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)"


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("sddl", [PROGRAM_FILES, FILE])
def test_what_the_system_keeps_for_administrators_is_believed(sddl: str, above: bool):
    assert doubt_of_sddl(sddl, above=above) == ""


def test_a_drive_where_users_may_make_folders_is_believed_only_as_a_folder_above():
    assert doubt_of_sddl(DRIVE, above=True) == ""
    assert "may be written by others" in doubt_of_sddl(DRIVE, above=False)


def test_program_data_is_not_believed():
    assert "may be written by others" in doubt_of_sddl(PROGRAM_DATA, above=False)


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize(
    "sddl",
    [
        OF_A_USER,
        FILE + "(A;;FA;;;WD)",
        FILE + "(A;;0x40;;;BU)",
        FILE + "(A;;SD;;;BU)",
        FILE + "(A;;WD;;;BU)",
        FILE + "(A;;WO;;;BU)",
        FILE + "(A;;GW;;;BU)",
        FILE + "(A;;XX;;;BU)",
        FILE + "(A;;0xzz;;;BU)",
        FILE + "(A;;)",
        FILE + "(XA;;FA;;;BU)",
        FILE + "D:",
        "O:BAG:SYD:NO_ACCESS_CONTROL",
        "O:BAG:SYD:",
        "O:BA",
        "",
    ],
)
def test_what_others_may_replace_or_what_cannot_be_read_is_a_doubt(sddl: str, above: bool):
    assert doubt_of_sddl(sddl, above=above)


def test_denials_and_rights_for_what_comes_to_lie_below_give_nothing():
    assert doubt_of_sddl(FILE + "(D;;FA;;;BU)(A;OICIIO;FA;;;BU)", above=False) == ""


@given(st.text(alphabet="OGDSABUIFW:;()-0x15", max_size=60))
def test_no_access_list_makes_it_raise(sddl: str):
    assert isinstance(doubt_of_sddl(sddl, above=False), str)


def test_where_access_lists_cannot_be_asked_for_every_file_is_doubted():
    assert doubt_of_access("/etc/passwd")
