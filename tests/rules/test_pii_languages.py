"""Field names of many languages, and the values that stand in them."""

from __future__ import annotations

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

LANGUAGES = {
    "en": "full_name first_name last_name email phone date_of_birth street_address city zip username gender passport_number",
    "de": "vollstaendiger_name vorname nachname mailadresse handynummer geburtsdatum anschrift wohnort plz benutzername geschlecht reisepassnummer",
    "fr": "nom_complet prénom nom_de_famille courriel téléphone date_de_naissance adresse_postale ville code_postal nom_utilisateur sexe numero_passeport",
    "es": "nombre_completo primer_nombre apellidos correo_electronico teléfono fecha_de_nacimiento domicilio ciudad codigo_postal nombre_usuario sexo numero_pasaporte",
    "it": "nome_completo nome_proprio cognome indirizzo_email cellulare data_di_nascita indirizzo città codice_postale nome_utente sesso numero_passaporto",
    "pt": "nome_completo primeiro_nome sobrenome endereco_email telemóvel data_de_nascimento morada cidade código_postal nome_de_usuario gênero numero_do_passaporte",
    "nl": "volledige_naam voornaam achternaam emailadres telefoonnummer geboortedatum woonadres woonplaats postcode gebruikersnaam geslacht paspoortnummer",
    "pl": "imie_i_nazwisko imię nazwisko adres_email numer_telefonu data_urodzenia adres_zamieszkania miejscowość kod_pocztowy nazwa_uzytkownika płeć numer_paszportu",
    "sv": "fullständigt_namn förnamn efternamn epostadress mobilnummer födelsedatum gatuadress postort postnummer användarnamn kön passnummer",
    "da": "fulde_navn fornavn efternavn epost mobilnr fødselsdato adresse by_navn postnummer brugernavn køn pasnummer",
    "nb": "fullt_navn fornavn etternavn epost telefonnr fødselsdato gateadresse poststed postnr brukernavn kjønn passnummer",
    "fi": "koko_nimi etunimi sukunimi sähköpostiosoite puhelinnumero syntymäaika katuosoite postitoimipaikka postinumero käyttäjätunnus sukupuoli passinumero",
    "tr": "ad_soyad adı soyadı e_posta cep_telefonu doğum_tarihi ev_adresi şehir posta_kodu kullanıcı_adı cinsiyet pasaport_no",
    "ja": "氏名 名 姓 メールアドレス 電話番号 生年月日 住所 市区町村 郵便番号 ユーザー名 性別 パスポート番号",
    "zh": "姓名 名 姓 电子邮箱 手机号码 出生日期 家庭住址 城市 邮政编码 用户名 性别 护照号码",
    "ko": "성명 이름 성 이메일 휴대폰번호 생년월일 주소 도시 우편번호 사용자명 성별 여권번호",
}
VALUES = (
    "{given} {family}", "{given}", "{family}", "{email}", "{phone:US}", "1984-03-17", "Lange Reihe 12", "Braunschweig", "38106",
    "kbrandt84", "female", "C01X{digits:5}",
)  # fmt: skip
EAST = {
    "氏名": "佐藤美咲", "姓": "山", "名": "太郎", "住所": "東京都千代田区丸の内1-9-1", "市区町村": "札幌", "生年月日": "1984年3月17日", "性別": "女性",
    "姓名": "王小明", "家庭住址": "北京市朝阳区建国路88号", "城市": "北京", "出生日期": "1984年03月17日", "性别": "男",
    "성명": "김민준", "주소": "서울특별시 강남구 테헤란로 152", "도시": "부산", "생년월일": "1984년 3월 17일", "성별": "여성",
}  # fmt: skip


def found(text: str, path: str) -> list[str]:
    return [finding.value for finding in detect(Document(text, path), builtin_ruleset()).findings]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("syntax", ["json", "csv", "yaml"])
def test_a_field_is_known_in_every_language(language: str, syntax: str) -> None:
    names = LANGUAGES[language].split()
    values = [fill(value) for value in VALUES]
    pairs = list(zip(names, values, strict=True))
    text = {
        "json": "{" + ", ".join(f'"{name}": "{value}"' for name, value in pairs) + "}",
        "csv": ",".join(names) + "\n" + ",".join(values) + "\n",
        "yaml": "".join(f'{name}: "{value}"\n' for name, value in pairs),
    }[syntax]
    seen = found(text, f"a.{syntax}")
    assert [name for name, value in pairs if value not in seen] == []
    assert len(seen) == len(values)


@pytest.mark.parametrize(("name", "value"), EAST.items())
def test_values_of_east_asia_are_known(name: str, value: str) -> None:
    assert found(f'{{"{name}": "{value}"}}', "a.json") == [value]
    assert found(f"id,{name}\n1,{value}\n", "a.csv") == [value]


@pytest.mark.parametrize(
    "name", ["via", "cap", "din", "kon", "port", "hotel", "sort", "essex", "genre", "latin", "platform", "diagnostic"]
)
def test_words_of_programs_are_no_fields(name: str) -> None:
    assert builtin_ruleset().lexicon.lookup(name) == ()
