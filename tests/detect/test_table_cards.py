"""Address books and calendars."""

from __future__ import annotations

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.table_cards import card_tables, entry_tables
from tightlip.detect.table_shape import Table

CARD = """BEGIN:VCARD
VERSION:3.0
N:Weber-Kowalski;Jonna;;Dr.;
FN:Dr. Jonna Weber-Kowalski
item1.TEL;TYPE=CELL,VOICE:tel:+49-171-2345-678
ADR;TYPE=HOME;LABEL="Home: the house":;;Lindenstr. 7\\, 2. Stock;Neustadt;;10969;Germany
BDAY:1984-03-12
END:VCARD
"""


def cells_of(table: Table, text: str) -> dict[str, str]:
    (row,) = table.rows
    return {name: text[start:end] for name, (start, end) in zip(table.columns, row, strict=True)}


def test_a_card_is_a_row_whose_columns_are_named_as_fields_are():
    (card,) = card_tables(CARD)
    assert cells_of(card, CARD) == {
        "last_name": "Weber-Kowalski",
        "first_name": "Jonna",
        "full_name": "Dr. Jonna Weber-Kowalski",
        "phone": "+49-171-2345-678",
        "street": "Lindenstr. 7\\, 2. Stock",
        "city": "Neustadt",
        "zip": "10969",
        "date_of_birth": "1984-03-12",
    }


def test_a_card_that_is_still_being_typed_ends_with_the_next_one():
    text = "BEGIN:VCARD\nFN:Jonna Weber\nBEGIN:VCARD\r\nFN:Ole Kowalski\r\nEND:VCARD\r\nFN:after the end"
    assert [cells_of(card, text) for card in card_tables(text)] == [
        {"full_name": "Jonna Weber"},
        {"full_name": "Ole Kowalski"},
    ]


def test_a_folded_value_is_whole():
    text = "BEGIN:VCARD\nFN:Jonna We\n ber\nEND:VCARD"
    (card,) = card_tables(text)
    assert cells_of(card, text) == {"full_name": "Jonna We\n ber"}


def test_a_calendar_names_people_with_and_without_quotes():
    text = 'BEGIN:VEVENT\nATTENDEE;CN=Jonna Weber;RSVP=TRUE:mailto:jw@kontor.example\nORGANIZER;CN="Kowalski, Ole":mailto:o@k.example\n'
    assert [cells_of(one, text) for one in card_tables(text)] == [
        {"full_name": "Jonna Weber", "email": "jw@kontor.example"},
        {"full_name": "Kowalski, Ole", "email": "o@k.example"},
    ]


def test_of_a_directory_only_people_are_rows():
    text = (
        "dn: cn=admins\ncn: admins\n\ndn: uid=jw\ncn: Jonna Weber\nsn: Weber\nl: Neustadt\nmail:: amFt\n\nuid: nobody\n"
    )
    (entry,) = entry_tables(text)
    assert cells_of(entry, text) == {"full_name": "Jonna Weber", "last_name": "Weber", "city": "Neustadt"}


def test_an_entry_is_a_person_by_its_class_too():
    text = "dn: cn=x\nobjectClass: top\nobjectClass: inetOrgPerson\ncn: Jonna Maier\n"
    assert [cells_of(table, text) for table in entry_tables(text)] == [{"full_name": "Jonna Maier"}]
    assert not list(entry_tables(text + "objectClass: computer\n"))


def test_what_a_card_holds_is_found_in_a_file_and_in_a_message():
    for path, text in (("people.vcf", CARD), (None, f"Please import this:\n\n{CARD}\nThanks")):
        found = {
            text[one.span.start : one.span.end] for one in detect(Document(text, path), builtin_ruleset()).findings
        }
        assert {"Weber-Kowalski", "Jonna", "10969", "1984-03-12", "+49-171-2345-678"} <= found
