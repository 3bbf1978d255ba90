"""Kinds of personal data: what fields they are kept in, how a real-looking value is made, and which values are nobody's."""

from __future__ import annotations

from attrs import frozen
from phonenumbers import PhoneNumberFormat as Format

from tests.bench import quality_people as people
from tests.bench.quality_people import Maker, chosen, shaped, stdnum


@frozen
class Entity:
    """One kind of personal data."""

    name: str
    """Presidio's name for it."""
    fields: tuple[str, ...]
    """Names of fields as people write them, in snake case, in several languages."""
    make: Maker
    reserved: tuple[str, ...] = ()
    """Values set aside for documentation and tests, by the standard or authority that issues the kind."""
    proves_itself: bool = False
    """Whether a value is known without a field's name."""


def _of(name: str, fields: str, make: Maker, *reserved: str, bare: bool = False) -> Entity:
    return Entity(name, tuple(fields.split()), make, reserved, bare)


ENTITIES = (
    # RFC 2606, RFC 6761
    _of("EMAIL_ADDRESS", "email e_mail email_address customer_email mail correo_electronico adresse_mail e_mail_adresse contact_email メール 邮箱",
        people.email, "katja.brandt@example.com", "ops@example.org", "jane@mail.example", "user@host.invalid", "root@localhost", bare=True),
    # NANP 555-01XX; Ofcom, ACMA, ARCEP and Bundesnetzagentur numbers for drama
    _of("PHONE_NUMBER", "phone mobile phone_number tel telefon telephone telefono telefoonnummer cell_phone mobile_no handynummer numero_telefono fax 電話番号",
        people.phone(Format.INTERNATIONAL), "+1 212-555-0123", "(415) 555-0187", "+44 20 7946 0321", "+44 7700 900123", "+61 491 570 156", "+33 1 99 00 12 34", "+49 30 23125 123", bare=True),
    _of("PHONE_NUMBER", "phone mobile tel telefon", people.phone(Format.NATIONAL)),
    _of("PHONE_NUMBER", "phone msisdn mobile_number", people.phone(Format.E164)),
    # test cards of the payment companies
    _of("CREDIT_CARD", "card_number credit_card cc_number pan kreditkartennummer numero_carte tarjeta creditcard card",
        people.card, "4242424242424242", "4111 1111 1111 1111", "5555555555554444", "378282246310005", "6011111111111117", bare=True),
    _of("CREDIT_CARD_CVV", "cvv cvc cvv2 security_code card_cvc", shaped("<digit:3>")),
    # the examples of the SWIFT registry
    _of("IBAN_CODE", "iban account_iban bank_account bankverbindung kontonummer_iban compte_iban",
        people.bank_account, "DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", bare=True),
    _of("BIC_CODE", "bic swift swift_code bic_code", shaped("<upper:4>DEFF", "<upper:4>GB2LXXX", "<upper:4>FRPP")),
    _of("US_BANK_NUMBER", "account_number bank_account_number account_no konto_nr", shaped("<digit:10>", "<digit:12>")),
    _of("ABA_ROUTING_NUMBER", "routing_number aba aba_routing routing_no", stdnum("us.rtn", "0<digit:8>", "12<digit:7>")),
    # never issued: 000, 666, 9xx, 987-65-4320 to 4329, and two famous ones
    _of("US_SSN", "ssn social_security_number social_security ss_number employee_ssn", people.ssn, "987-65-4321", "078-05-1120", "000-12-3456", "666-12-3456", bare=True),
    _of("US_SSN", "ssn tax_ssn", lambda rng: people.ssn(rng).replace("-", "")),
    _of("US_ITIN", "itin tax_itin", stdnum("us.itin", "9<digit:2>-7<digit:1>-<digit:4>")),
    _of("US_EIN", "ein employer_identification_number", stdnum("us.ein", "<digit:2>-<digit:7>")),
    _of("UK_NINO", "nino national_insurance_number ni_number", shaped("AB<digit:6>C", "JK <digit:2> <digit:2> <digit:2> A", "PE<digit:6>D"), "QQ123456C"),
    _of("UK_NHS", "nhs_number nhs nhs_no", stdnum("gb.nhs", "4<digit:9>", "6<digit:2> <digit:3> <digit:4>"), "9990000018"),
    _of("UK_UTR", "utr unique_taxpayer_reference", stdnum("gb.utr", "<digit:10>")),
    _of("DE_TAX_ID", "steuer_id steueridentifikationsnummer steuer_identnummer idnr", stdnum("de.idnr", "4<digit:10>", "8<digit:10>")),
    _of("DE_SOCIAL_SECURITY", "sozialversicherungsnummer sv_nummer rentenversicherungsnummer", shaped("65<digit:2>0<digit:1>8<digit:1>M<digit:3>")),
    _of("AT_VNR", "svnr versicherungsnummer", stdnum("at.vnr", "<digit:4>170384", "<digit:4>231192")),
    _of("CH_AHV", "ahv_nummer ahv_nr avs", stdnum("ch.ssn", "756.<digit:4>.<digit:4>.<digit:2>"), bare=True),
    _of("FR_NIR", "nir numero_securite_sociale num_secu", stdnum("fr.nir", "18<digit:1>0375<digit:8>", "2910592<digit:8>")),
    _of("FR_NIF", "numero_fiscal numero_fiscal_de_reference spi", stdnum("fr.nif", "1<digit:12>", "2<digit:12>")),
    _of("ES_NIF", "dni nif nie documento_identidad", stdnum("es.nif", "<digit:8><upper:1>", "X<digit:7><upper:1>"), bare=True),
    _of("IT_FISCAL_CODE", "codice_fiscale cf codicefiscale", stdnum("it.codicefiscale", "CSTGCM8<digit:1>P12F205<upper:1>", "FRRLNE9<digit:1>E52L219<upper:1>"), bare=True),
    _of("PT_NIF", "nif contribuinte numero_contribuinte", stdnum("pt.nif", "2<digit:8>")),
    _of("NL_BSN", "bsn burgerservicenummer sofinummer", stdnum("nl.bsn", "<digit:9>")),
    _of("BE_NN", "rijksregisternummer numero_national", stdnum("be.nn", "85.07.30-<digit:3>.<digit:2>", "720314<digit:5>")),
    _of("SE_PERSONNUMMER", "personnummer person_nr pnr", stdnum("se.personnummer", "8<digit:1>0312-<digit:4>", "199<digit:1>1123-<digit:4>"), bare=True),
    _of("DK_CPR", "cpr cpr_nummer personnummer", stdnum("dk.cpr", "<digit:1>30285-<digit:4>", "140791-<digit:4>")),
    _of("NO_FNR", "fodselsnummer fnr personnummer", stdnum("no.fodselsnummer", "150285<digit:5>", "230791<digit:5>")),
    _of("FI_PERSONAL_IDENTITY_CODE", "hetu henkilotunnus", stdnum("fi.hetu", "131052-<digit:3><upper36:1>", "010594A<digit:3><upper36:1>"), "131052-900W", bare=True),
    _of("IS_KENNITALA", "kennitala", stdnum("is_.kennitala", "120174-<digit:3>9", "150385-<digit:3>9")),
    _of("PL_PESEL", "pesel numer_pesel", stdnum("pl.pesel", "850312<digit:5>", "921123<digit:5>")),
    _of("PL_NIP", "nip numer_nip", stdnum("pl.nip", "<digit:10>", "<digit:3>-<digit:3>-<digit:2>-<digit:2>")),
    _of("CZ_BIRTH_NUMBER", "rodne_cislo rc", stdnum("cz.rc", "850312/<digit:4>", "925523/<digit:4>")),
    _of("RO_CNP", "cnp cod_numeric_personal", stdnum("ro.cnp", "185031240<digit:4>", "292112312<digit:4>")),
    _of("BG_EGN", "egn", stdnum("bg.egn", "850312<digit:4>")),
    _of("HR_OIB", "oib", stdnum("hr.oib", "<digit:11>")),
    _of("GR_AMKA", "amka", stdnum("gr.amka", "120385<digit:5>")),
    _of("EE_LT_PERSONAL_CODE", "isikukood asmens_kodas", stdnum("ee.ik", "3850312<digit:4>", "4921123<digit:4>")),
    _of("LV_PERSONAL_CODE", "personas_kods", stdnum("lv.pvn", "120385-1<digit:4>")),
    _of("TR_NATIONAL_ID", "tc_kimlik_no tckn", stdnum("tr.tckimlik", "<digit:11>")),
    _of("IE_PPSN", "ppsn pps_number", stdnum("ie.pps", "<digit:7><upper:1>", "<digit:7><upper:1>A")),
    _of("CA_SIN", "sin social_insurance_number", stdnum("ca.sin", "4<digit:2>-<digit:3>-<digit:3>", "7<digit:8>")),
    _of("BR_CPF", "cpf documento_cpf", stdnum("br.cpf", "<digit:3>.<digit:3>.<digit:3>-<digit:2>", "<digit:11>"), bare=False),
    _of("MX_CURP", "curp", stdnum("mx.curp", "GOML850312HDFMRL0<digit:1>", "LOPA921123MJCPRN0<digit:1>"), bare=True),
    _of("MX_RFC", "rfc", shaped("GOML850312<upper36:3>")),
    _of("AR_CUIT", "cuit cuil", stdnum("ar.cuit", "20-<digit:8>-<digit:1>", "27<digit:9>")),
    _of("CL_RUT", "rut run", stdnum("cl.rut", "<digit:2>.<digit:3>.<digit:3>-<digit:1>", "<digit:8>-<digit:1>")),
    _of("AU_TFN", "tfn tax_file_number", stdnum("au.tfn", "<digit:3> <digit:3> <digit:3>", "<digit:9>")),
    _of("NZ_IRD", "ird ird_number", stdnum("nz.ird", "<digit:2>-<digit:3>-<digit:3>", "49<digit:6>")),
    _of("IN_AADHAAR", "aadhaar aadhaar_number uidai", stdnum("in_.aadhaar", "<digit:4> <digit:4> <digit:4>", "5<digit:11>")),
    _of("IN_PAN", "pan_number pan_card income_tax_pan", stdnum("in_.pan", "<upper:3>P<upper:1><digit:4><upper:1>")),
    _of("CN_RIC", "id_card_no shenfenzheng 身份证号", stdnum("cn.ric", "11010519<digit:2>1231<digit:3><digit:1>", "44030119850312<digit:4>"), bare=True),
    _of("KR_RRN", "rrn jumin_number 주민등록번호", stdnum("kr.rrn", "850312-1<digit:6>"), bare=True),
    _of("JP_MY_NUMBER", "my_number kojin_bango マイナンバー", stdnum("jp.in_", "<digit:12>")),
    _of("TH_TNIN", "thai_id thai_national_id", stdnum("th.pin", "1<digit:12>", "3-<digit:4>-<digit:5>-<digit:2>-<digit:1>")),
    _of("MY_NRIC", "nric mykad", stdnum("my.nric", "850312-14-<digit:4>")),
    _of("ID_NIK", "nik nomor_ktp", stdnum("id.nik", "317101520385<digit:4>", "327301120390<digit:4>")),
    _of("ZA_ID_NUMBER", "id_number za_id sa_id_number", stdnum("za.idnr", "850312<digit:7>")),
    _of("IL_ID", "teudat_zehut israeli_id", stdnum("il.idnr", "<digit:9>")),
    _of("PASSPORT", "passport_number passport_no reisepassnummer numero_passeport numero_pasaporte", shaped("C<icao:8>", "<digit:9>", "<upper:2><digit:7>")),
    _of("US_DRIVER_LICENSE", "driver_license driving_licence_number drivers_license_no fuehrerschein", shaped("<upper:1><digit:7>", "<upper:1><digit:12>")),
    _of("MEDICAL_RECORD", "mrn medical_record_number patient_id patient_number", shaped("<digit:8>", "MRN-<digit:7>")),
    _of("HEALTH_INSURANCE", "member_id insurance_number health_plan_id krankenversichertennummer policy_number", shaped("<upper:1><digit:9>", "<upper:3><digit:9>")),
    _of("US_NPI", "npi provider_npi", people.npi),
    _of("US_MBI", "mbi medicare_beneficiary_id", shaped("1E<digit:2>-TK<digit:1>-TK<digit:2>", "4GH<digit:1>QX<digit:1>WY<digit:2>")),
    # RFC 5737, RFC 3849, RFC 1918
    _of("IP_ADDRESS", "ip ip_address client_ip remote_addr last_login_ip", people.address, "192.0.2.17", "198.51.100.4", "203.0.113.99", "127.0.0.1", "10.0.0.12", "192.168.1.20", "0.0.0.0"),
    _of("IP_ADDRESS", "ip_address client_ip", shaped("2a02:810<hex:1>:<hex:4>:<hex:4>:<hex:4>:<hex:4>:<hex:4>:<hex:4>"), "2001:db8::17", "::1"),
    # RFC 9542
    _of("MAC_ADDRESS", "mac mac_address device_mac", shaped("3c:22:fb:<hex:2>:<hex:2>:<hex:2>", "F0-18-98-<upperhex:2>-<upperhex:2>-<upperhex:2>"), "00:00:5e:00:53:1f", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", bare=True),
    _of("IMEI", "imei device_imei", people.imei),
    _of("VIN", "vin vehicle_identification_number fahrgestellnummer", people.vin),
    _of("LICENSE_PLATE", "license_plate kennzeichen plate_number matricula immatriculation", shaped("M-<upper:2> <digit:4>", "<upper:2><digit:2> <upper:3>", "<upper:2>-<digit:3>-<upper:2>")),
    _of("LOCATION", "latitude lat gps_lat", lambda rng: f"{rng.uniform(40, 58):.6f}"),
    _of("LOCATION", "coordinates gps_position home_location", lambda rng: f"{rng.uniform(40, 58):.6f}, {rng.uniform(-4, 20):.6f}"),
    _of("PERSON", "name full_name customer_name patient_name cardholder_name nombre_completo nom_complet vollstaendiger_name contact_person 氏名 姓名", people.person),
    _of("PERSON", "first_name given_name fname vorname prenom nombre nome voornaam imie fornamn etunimi", people.given),
    _of("PERSON", "last_name surname family_name lname nachname nom_de_famille apellido cognome achternaam nazwisko efternamn sukunimi maiden_name", people.family),
    _of("DATE_OF_BIRTH", "date_of_birth dob birth_date birthdate geburtsdatum date_de_naissance fecha_nacimiento data_di_nascita geboortedatum data_urodzenia fodelsedatum 生年月日", people.birthday),
    _of("STREET_ADDRESS", "street address street_address address_line1 strasse adresse direccion indirizzo straat ulica home_address 住所", people.street),
    _of("CITY", "city town ort ville ciudad citta stad miasto", people.city),
    _of("ZIP_CODE", "zip postal_code postcode plz code_postal codigo_postal cap zip_code kod_pocztowy", people.post_code),
    _of("USERNAME", "username user_name login benutzername nombre_usuario", lambda rng: f"{people.email(rng).partition('@')[0].replace('+shop', '')}"),
    _of("HEALTH", "diagnosis diagnose medical_condition allergies blood_type health_status", people.diagnosis),
    _of("RELIGION", "religion konfession religious_belief", chosen("Catholic", "evangelisch", "Muslim", "Hindu", "jüdisch")),
    _of("ETHNICITY", "ethnicity race ethnic_origin", chosen("Hispanic", "Roma", "African American", "Asian")),
    _of("SEXUAL_ORIENTATION", "sexual_orientation orientation_sexuelle", chosen("gay", "bisexual", "heterosexual", "lesbian")),
    _of("POLITICAL_OPINION", "political_party political_opinion party_membership", chosen("Labour", "SPD", "Republican", "Les Verts")),
    _of("TRADE_UNION", "trade_union union_membership gewerkschaft", chosen("IG Metall", "Unison", "CGT", "ver.di")),
    _of("CRIMINAL_RECORD", "criminal_record conviction vorstrafen", chosen("theft 2019", "DUI", "fraud, suspended sentence")),
)  # fmt: skip
