"""Values that are nobody's are known as such, in every way people write them; others are not."""

from __future__ import annotations

import ipaddress
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from tightlip.detect.pii_checks import luhn, payment_card
from tightlip.detect.safe import SafeValue, SafeValues, builtin_safe_values, load_safe_values
from tightlip.detect.sample import fill
from tightlip.detect.shipped import rules_directory
from tightlip.detect.validators import mod97
from tightlip.errors import RuleError
from tightlip.redact.synthetic import KINDS, synthetic

SAFE = builtin_safe_values()


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("EMAIL_ADDRESS", "anna@example.com"),
        ("EMAIL_ADDRESS", "Anna.Schmidt@Mail.Example.ORG"),
        ("EMAIL_ADDRESS", "a@shop.test"),
        ("EMAIL_ADDRESS", "1234+anna@users.noreply.github.com"),
        ("EMAIL_ADDRESS", "no-reply@acme-prod.com"),
        ("EMAIL_ADDRESS", "eve.holt@reqres.in"),
        ("EMAIL_ADDRESS", "aes256-gcm@openssh.com"),
        ("EMAIL_ADDRESS", "1234-compute@developer.gserviceaccount.com"),
        ("EMAIL_ADDRESS", "CAF00d+9xQ@mail.gmail.com"),
        ("EMAIL_ADDRESS", "LL@li.org"),
        ("PHONE_NUMBER", "(202) 555-0123"),
        ("PHONE_NUMBER", "+1 202 555 0199 ext. 7"),
        ("PHONE_NUMBER", "555-0100"),
        ("PHONE_NUMBER", "+44 (0)161 496 0123"),
        ("PHONE_NUMBER", "07700 900123"),
        ("PHONE_NUMBER", "030 23125 123"),
        ("PHONE_NUMBER", "0049 30 23125123"),
        ("PHONE_NUMBER", "01 99 00 12 34"),
        ("PHONE_NUMBER", "0491 570 006"),
        ("PHONE_NUMBER", "+46 8 465 004 12"),
        ("PHONE_NUMBER", "1234567890"),
        ("PHONE_NUMBER", "777 777 7777"),
        ("US_SSN", "000-12-3456"),
        ("US_SSN", "666123456"),
        ("US_SSN", "987-65-4321"),
        ("IP_ADDRESS", "192.0.2.44"),
        ("IP_ADDRESS", "10.1.2.3"),
        ("IP_ADDRESS", "2001:db8::7"),
        ("IP_ADDRESS", "3fff:12::1"),
        ("IP_ADDRESS", "8.8.8.8"),
        ("MAC_ADDRESS", "00-00-5e-00-53-af"),
        ("MAC_ADDRESS", "00005E0053AF"),
        ("PERSON", "Jane Doe"),
        ("PERSON", "DOE, JANE"),
        ("PERSON", "Erika Mustermann"),
        ("PERSON", "Test User"),
        ("UK_NINO", "QQ 12 34 56 C"),
        ("UK_NHS", "999 000 0018"),
        ("CA_SIN", "046 454 286"),
        ("BR_CPF", "111.111.111-11"),
        ("DATE_OF_BIRTH", "1984-01-01"),
        ("DATE_OF_BIRTH", "01.01.1984"),
        ("ZIP_CODE", "12345"),
        ("STREET_ADDRESS", "123 Main St"),
        ("USERNAME", "admin"),
        ("PERSON", "N/A"),
        ("ANYTHING", "TL_EMAIL_7F3K2Q"),
    ],
)
def test_a_reserved_value_is_safe(entity, value):
    assert SAFE.is_safe(entity, value)


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("EMAIL_ADDRESS", "anna@example.company"),
        ("EMAIL_ADDRESS", "anna@notexample.com"),
        ("EMAIL_ADDRESS", "anna@test.com"),
        ("EMAIL_ADDRESS", "anna.schmidt@gmail.com"),
        ("EMAIL_ADDRESS", "anna@hotmail.com"),
        ("EMAIL_ADDRESS", "anna@staff.openssh.com"),
        ("PHONE_NUMBER", "+1 800 555 0123"),
        ("PHONE_NUMBER", "+1 202 555 0200"),
        ("PHONE_NUMBER", "0612345678"),
        ("PHONE_NUMBER", "030 23126 123"),
        ("PHONE_NUMBER", "+44 161 496 1234"),
        ("US_SSN", "219-44-7788"),
        ("IP_ADDRESS", "93.184.216.34"),
        ("IP_ADDRESS", "2a01:4f8::1"),
        ("MAC_ADDRESS", "00:00:5e:00:54:01"),
        ("PERSON", "Katharina Brandt"),
        ("PERSON", "Testa Rossa"),
        ("DATE_OF_BIRTH", "1984-03-17"),
        ("DATE_OF_BIRTH", "11.11.1111"),
        ("UK_NHS", "401 023 2138"),
        ("", ""),
    ],
)
def test_a_value_that_may_be_somebodys_is_not_safe(entity, value):
    assert not SAFE.is_safe(entity, value)


@pytest.mark.parametrize("kind", ["payment-card", "iban"])
def test_test_cards_and_example_accounts_are_safe_whole_and_grouped(kind):
    entity = {"payment-card": "CREDIT_CARD", "iban": "IBAN_CODE"}[kind]
    for number in SAFE.pool(kind):
        grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
        assert SAFE.is_safe(entity, number)
        assert SAFE.is_safe(entity, grouped)


@pytest.mark.parametrize("template", ["{card:4,16}", "{card:51,16}", "{card:37,15}"])
def test_a_card_outside_the_lists_is_not_safe(template):
    assert not SAFE.is_safe("CREDIT_CARD", fill(template))


@pytest.mark.parametrize(
    "value",
    [
        "anna@test.com",
        "anna@mail.example.de",
        "info@acme-prod.com",
        "a@b.local",
        "pay-dev@acme-prod.com",
        "in@in.in.com",
    ],
)
def test_a_placeholder_on_somebodys_domain_is_quieter_and_not_silent(value):
    assert SAFE.is_placeholder("EMAIL_ADDRESS", value)
    assert not SAFE.is_safe("EMAIL_ADDRESS", value)


def test_a_common_name_is_quieter_and_not_silent():
    assert SAFE.is_placeholder("PERSON", "John Smith")
    assert not SAFE.is_safe("PERSON", "John Smith")


@pytest.mark.parametrize(
    ("domain", "placeholder"),
    [("test.com", True), ("Example.io", True), ("here.my.org", True), ("com", False), ("firma-nord.de", False)],
)
def test_a_placeholder_domain_is_known(domain, placeholder):
    assert SAFE.is_placeholder_domain(domain) is placeholder


def test_material_for_synthetic_values_is_whole():
    pools = SAFE.pools()
    assert {"payment-card", "iban", "phone", "email-domain", "ipv4", "given-name", "family-name", "street", "city"} <= {
        *pools
    }
    assert all(luhn(number) for number in pools["payment-card"])
    assert all(mod97(number) for number in pools["iban"])
    assert all(SAFE.is_safe("PHONE_NUMBER", number.replace("x", "7")) for number in pools["phone"])
    assert all(ipaddress.ip_address(f"{net}.1").is_private for net in pools["ipv4"])
    assert SAFE.pool("no such kind") == ()


EXAMPLES = {
    "date": ("DATE_OF_BIRTH", "17.03.1984"),
    "email": ("EMAIL_ADDRESS", "{email}"),
    "phone": ("PHONE_NUMBER", "{phone:+US}"),
    "payment-card": ("CREDIT_CARD", "{card:4,16}"),
    "iban": ("IBAN_CODE", "{iban:DE}"),
    "ssn": ("US_SSN", "{ssn}"),
    "ip": ("IP_ADDRESS", "{ip}"),
    "mac": ("MAC_ADDRESS", "{mac}"),
    "name": ("PERSON", "{given} {family}"),
    "street": ("STREET_ADDRESS", "Hauptallee 41"),
    "address": ("STREET_ADDRESS", "41 Linden Boulevard"),
    "city": ("CITY", "Braunschweig"),
    "postcode": ("ZIP_CODE", "94121"),
    "nino": ("UK_NINO", "JK{digits:6}C"),
    "nhs": ("UK_NHS", "{stdnum:gb-nhs,4#########}"),
    "sin": ("CA_SIN", "{stdnum:ca-sin,5########}"),
    "imei": ("IMEI", "{stdnum:imei,35#############}"),
    "username": ("USERNAME", "kbrandt84"),
}


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_synthetic_value_is_safe_where_the_real_one_is_not(kind):
    entity, template = EXAMPLES[kind]
    value = fill(template)
    assert not SAFE.is_safe(entity, value)
    for number in range(40):
        made = synthetic(kind, value, bytes([number]) * 32, SAFE.pools(), ())
        assert made is not None
        assert SAFE.is_safe(entity, made), kind


def test_every_kind_of_synthetic_value_is_looked_at_here():
    assert {*KINDS} <= {*EXAMPLES}


@given(st.text(max_size=60), st.sampled_from(sorted({entry.entity for entry in SAFE.entries})))
def test_any_text_has_an_answer(value, entity):
    assert SAFE.is_safe(entity, value) in (True, False)
    assert SAFE.is_placeholder(entity, value) in (True, False)


def test_every_entry_says_where_it_is_known_from():
    ids = [entry.id for entry in SAFE.entries]
    assert len(ids) == len({*ids})
    for entry in SAFE.entries:
        assert entry.source
        assert entry.evidence in ("seen", "known", "reasoned")
        assert entry.confidence in ("low", "medium", "high")
        assert entry.values


def test_no_file_of_safe_values_holds_a_whole_card_number_or_account():
    for path in (rules_directory() / "safe").glob("*.toml"):
        for word in path.read_text("utf-8").replace('"', " ").replace(",", " ").split():
            assert not (word.isdigit() and payment_card(word)), path.name
            assert not iban.is_valid(word), path.name


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[[value]]\nid = "x"\n', 'x.toml:1: a safe value needs "entity"'),
        (
            '[[value]]\nid = "x"\nentity = "A"\nkind = "nope"\nvalues = ["1"]\nsource = "s"\n',
            'x.toml:1: unknown kind "nope"',
        ),
        (
            '\n[[value]]\nid = "x"\nentity = "A"\nkind = "exact"\nvalues = ["1"]\nsource = "s"\nsauce = "t"\n',
            'x.toml:2: unknown key "sauce"',
        ),
        (
            '[[value]]\nid = "x"\nentity = "A"\nkind = "exact"\nvalues = "1"\nsource = "s"\n',
            "must be a list of strings",
        ),
        ("[[other]]\n", "holds [[value]] entries"),
        ("nonsense", "x.toml:1"),
    ],
)
def test_a_mistake_in_a_file_names_file_and_line(tmp_path, toml, message):
    (tmp_path / "x.toml").write_text(toml, "utf-8")
    with pytest.raises(RuleError) as caught:
        load_safe_values(tmp_path)
    assert message in str(caught.value)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """An empty folder for what is kept of the safe values of a small installation."""
    rules = tmp_path / "rules"
    (rules / "safe").mkdir(parents=True)
    shutil.copy(rules_directory() / "safe" / "any.toml", rules / "safe")
    monkeypatch.setattr("tightlip.detect.safe.rules_directory", lambda: rules)
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path / "cache"))
    builtin_safe_values.cache_clear()
    yield tmp_path / "cache"
    builtin_safe_values.cache_clear()


def started_again():
    builtin_safe_values.cache_clear()
    return builtin_safe_values().entries


def test_the_second_start_reads_no_toml(kept, monkeypatch):
    entries = started_again()
    monkeypatch.setattr("tightlip.detect.safe.load_safe_values", lambda _: pytest.fail("read again"))
    assert started_again() == entries == load_safe_values(kept.parent / "rules" / "safe").entries


def test_a_file_that_changed_is_read_again(kept):
    before = started_again()
    with (kept.parent / "rules" / "safe" / "any.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[value]]\nid = "x"\nentity = "A"\nkind = "exact"\nvalues = ["1"]\nsource = "s"\n')
    assert [entry.id for entry in started_again()] == [*(entry.id for entry in before), "x"]


@pytest.mark.parametrize("damage", [b"", b"[]", b"[1, 2]", b"[null, null]", b"\xff", None])
def test_what_was_kept_and_is_damaged_is_read_again(kept, damage):
    entries = started_again()
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes().replace(b"exact", b"exist") if damage is None else damage)
    assert started_again() == entries


def test_an_entity_is_made_ready_when_it_is_first_asked_for():
    safe = SafeValues(
        [SafeValue("broken", "A", "regex", ("(",), "test"), SafeValue("good", "B", "exact", ("x1",), "test")]
    )
    assert safe.is_safe("B", "X-1")


SOME = (
    "Anna.Schmidt@Mail.Example.ORG", "anna@firma-nord.de", "info@firma-nord.de", "a@test.com", "+1 202 555 0199 ext. 7", "555-0100",
    "+44 (0)161 496 0123", "030 23125 123", "1234567890", "777 777 7777", "111111111", "000-12-3456", "987-65-4321", "192.0.2.44",
    "8.8.8.8", "2001:db8::7", "00-00-5e-00-53-af", "Jane Doe", "DOE, JANE", "John  Smith", "Test User", "QQ 12 34 56 C", "W1D2Q3",
    "4111 1111 1111 1111", "4242424242424242", "1980-01-01", "11.11.1111", "12 Main St", "742 Evergreen Terrace", "n/a", "<your name>",
    "Musterstra\u00dfe 1", "\u674e\u56db", "\ufb00", "\u0130stanbul", "a\u2028b", "x_y-z", "",
)  # fmt: skip


@pytest.mark.parametrize("entity", sorted({entry.entity for entry in SAFE.entries}))
@given(values=st.lists(st.one_of(st.sampled_from(SOME), st.text(max_size=20)), max_size=12))
def test_many_values_at_once_are_known_like_each_of_them(entity: str, values: list[str]) -> None:
    values = [value.replace("\n", " ").strip() for value in values]
    one_by_one = {
        at for at, value in enumerate(values) if SAFE.is_safe(entity, value) or SAFE.is_placeholder(entity, value)
    }
    assert SAFE.known_among(entity, values) == one_by_one
