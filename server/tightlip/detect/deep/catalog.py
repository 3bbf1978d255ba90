"""What the deep lane's detectors find, in people's words: plain data, and one look-up for the client and the worker.

Entities are presidio's (presidio-analyzer 2.2.366, `predefined_recognizers`); secret types are detect-secrets' (1.5.0,
`detect_secrets.plugins`). What is not listed here comes from the user's own recognizers and plugins.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from attrs import frozen

from tightlip.detect.deep.protocol import Hit
from tightlip.finding import Category, Confidence, Finding, RuleId, Severity, Span

OWN = "your own "
"""How the evidence of a finding begins that the user's own recognizer or plugin made."""
CHECKSUM = "checksum valid"
"""How the evidence of a finding begins whose check digits are right."""


@frozen
class Entity:
    """One kind of personal data that a presidio recognizer knows."""

    recognizer: str
    """Class name in `presidio_analyzer.predefined_recognizers`."""
    name: str
    title: str
    placeholder: str
    alone: bool = False
    """Whether a valid checksum is enough. Where it is not, one in ten plain numbers is valid too: a word near must say what
    the number is."""
    any_case: bool = False
    """Whether the letters may be lower-case; presidio's patterns all ignore the case, which in code finds identifiers."""
    quiet: bool = False
    """Whether it is shown as information however certain it is: it names a machine or a company."""
    words: tuple[str, ...] = ()
    """Words that say what the number is, beside the recognizer's own."""
    proof: str = CHECKSUM
    """What presidio's validation of such a value shows."""


# Left out on purpose: URL, DATE_TIME, UUID, PHONE_NUMBER, US_DRIVER_LICENSE, US_BANK_NUMBER, the numbers of US health care
# paperwork and post codes. In code they report names, versions and hashes; the built-in rules find them by their field.
ENTITIES: tuple[Entity, ...] = (
    Entity("CreditCardRecognizer", "CREDIT_CARD", "Payment card number", "CARD", alone=True),
    Entity("IbanRecognizer", "IBAN_CODE", "International bank account number (IBAN)", "IBAN", alone=True),
    Entity(
        "EmailRecognizer", "EMAIL_ADDRESS", "E-mail address", "EMAIL", alone=True, any_case=True, proof="public domain"
    ),
    Entity("CryptoRecognizer", "CRYPTO", "Bitcoin address", "BITCOIN", alone=True, any_case=True),
    Entity(
        "IpRecognizer", "IP_ADDRESS", "IP address", "IP", any_case=True, quiet=True, words=("host", "addr", "remote")
    ),
    Entity(
        "MacAddressRecognizer",
        "MAC_ADDRESS",
        "Hardware (MAC) address",
        "MAC",
        any_case=True,
        quiet=True,
        words=("ether",),
    ),
    Entity("UsSsnRecognizer", "US_SSN", "US social security number", "SSN"),
    Entity("UsItinRecognizer", "US_ITIN", "US individual taxpayer number (ITIN)", "ITIN"),
    Entity("UsPassportRecognizer", "US_PASSPORT", "US passport number", "PASSPORT"),
    Entity("UsNpiRecognizer", "US_NPI", "US health care provider number (NPI)", "NPI"),
    Entity("UsMbiRecognizer", "US_MBI", "US Medicare beneficiary number (MBI)", "MBI"),
    Entity("AbaRoutingRecognizer", "ABA_ROUTING_NUMBER", "US bank routing number", "ROUTING"),
    Entity(
        "MedicalLicenseRecognizer", "MEDICAL_LICENSE", "US medical licence (DEA) number", "DEA", words=("dea number",)
    ),
    Entity("NhsRecognizer", "UK_NHS", "UK NHS number", "NHS"),
    Entity("UkNinoRecognizer", "UK_NINO", "UK national insurance number", "NINO"),
    Entity("UkPassportRecognizer", "UK_PASSPORT", "UK passport number", "PASSPORT"),
    Entity("UkDrivingLicenceRecognizer", "UK_DRIVING_LICENCE", "UK driving licence number", "DRIVING_LICENCE"),
    Entity("UkVehicleRegistrationRecognizer", "UK_VEHICLE_REGISTRATION", "UK vehicle registration", "PLATE"),
    Entity("AuAbnRecognizer", "AU_ABN", "Australian business number", "ABN", quiet=True),
    Entity("AuAcnRecognizer", "AU_ACN", "Australian company number", "ACN", quiet=True),
    Entity("AuTfnRecognizer", "AU_TFN", "Australian tax file number", "TFN"),
    Entity("AuMedicareRecognizer", "AU_MEDICARE", "Australian Medicare number", "MEDICARE"),
    Entity("CaSinRecognizer", "CA_SIN", "Canadian social insurance number", "SIN"),
    Entity(
        "DeTaxIdRecognizer", "DE_TAX_ID", "German tax identification number", "TAX_ID", words=("idnr", "steuer idnr")
    ),
    Entity("DeTaxNumberRecognizer", "DE_TAX_NUMBER", "German tax number", "TAX_NUMBER"),
    Entity(
        "DeSocialSecurityRecognizer", "DE_SOCIAL_SECURITY", "German pension insurance number", "PENSION", alone=True
    ),
    Entity("DeHealthInsuranceRecognizer", "DE_HEALTH_INSURANCE", "German health insurance number", "HEALTH_INSURANCE"),
    Entity("DeIdCardRecognizer", "DE_ID_CARD", "German identity card number", "ID_CARD"),
    Entity("DePassportRecognizer", "DE_PASSPORT", "German passport number", "PASSPORT", words=("passport",)),
    Entity("DeFuehrerscheinRecognizer", "DE_FUEHRERSCHEIN", "German driving licence number", "DRIVING_LICENCE"),
    Entity("DeLanrRecognizer", "DE_LANR", "German physician number", "LANR"),
    Entity("DeVatIdRecognizer", "DE_VAT_ID", "German VAT number", "VAT", quiet=True, words=("vat id", "vat number")),
    Entity(
        "DeHandelsregisterRecognizer", "DE_HANDELSREGISTER", "German company register number", "COMPANY", quiet=True
    ),
    Entity("DeKfzRecognizer", "DE_KFZ", "German vehicle registration", "PLATE"),
    Entity("ItFiscalCodeRecognizer", "IT_FISCAL_CODE", "Italian fiscal code", "FISCAL_CODE", alone=True),
    Entity("ItVatCodeRecognizer", "IT_VAT_CODE", "Italian VAT number", "VAT", quiet=True, words=("p iva",)),
    Entity("ItPassportRecognizer", "IT_PASSPORT", "Italian passport number", "PASSPORT"),
    Entity("ItIdentityCardRecognizer", "IT_IDENTITY_CARD", "Italian identity card number", "ID_CARD"),
    Entity("ItDriverLicenseRecognizer", "IT_DRIVER_LICENSE", "Italian driving licence number", "DRIVING_LICENCE"),
    Entity("EsNifRecognizer", "ES_NIF", "Spanish tax number (NIF)", "NIF", alone=True),
    Entity("EsNieRecognizer", "ES_NIE", "Spanish foreigner number (NIE)", "NIE", alone=True),
    Entity("EsPassportRecognizer", "ES_PASSPORT", "Spanish passport number", "PASSPORT"),
    Entity("PlPeselRecognizer", "PL_PESEL", "Polish PESEL number", "PESEL"),
    Entity("SePersonnummerRecognizer", "SE_PERSONNUMMER", "Swedish personal number", "PERSONAL_NUMBER"),
    Entity(
        "SeOrganisationsnummerRecognizer",
        "SE_ORGANISATIONSNUMMER",
        "Swedish organisation number",
        "COMPANY",
        quiet=True,
    ),
    Entity(
        "FiPersonalIdentityCodeRecognizer", "FI_PERSONAL_IDENTITY_CODE", "Finnish identity code", "HETU", alone=True
    ),
    Entity("InAadhaarRecognizer", "IN_AADHAAR", "Indian Aadhaar number", "AADHAAR"),
    Entity("InPanRecognizer", "IN_PAN", "Indian permanent account number", "PAN"),
    Entity("InGstinRecognizer", "IN_GSTIN", "Indian GST number", "GSTIN", alone=True, quiet=True),
    Entity("InPassportRecognizer", "IN_PASSPORT", "Indian passport number", "PASSPORT"),
    Entity("InVoterRecognizer", "IN_VOTER", "Indian voter card number", "VOTER"),
    Entity("InVehicleRegistrationRecognizer", "IN_VEHICLE_REGISTRATION", "Indian vehicle registration", "PLATE"),
    Entity("KrRrnRecognizer", "KR_RRN", "South Korean resident number", "RRN"),
    Entity("KrFrnRecognizer", "KR_FRN", "South Korean foreigner number", "FRN"),
    Entity("KrBrnRecognizer", "KR_BRN", "South Korean business number", "BRN", quiet=True),
    Entity("KrPassportRecognizer", "KR_PASSPORT", "South Korean passport number", "PASSPORT"),
    Entity("KrDriverLicenseRecognizer", "KR_DRIVER_LICENSE", "South Korean driving licence number", "DRIVING_LICENCE"),
    Entity("TrNationalIdRecognizer", "TR_NATIONAL_ID", "Turkish identity number", "NATIONAL_ID"),
    Entity("TrLicensePlateRecognizer", "TR_LICENSE_PLATE", "Turkish vehicle registration", "PLATE"),
    Entity("ThTninRecognizer", "TH_TNIN", "Thai national identity number", "NATIONAL_ID"),
    Entity("SgFinRecognizer", "SG_NRIC_FIN", "Singaporean identity number (NRIC/FIN)", "NRIC"),
    Entity("SgUenRecognizer", "SG_UEN", "Singaporean entity number", "COMPANY", quiet=True),
    Entity("ZaIdNumberRecognizer", "ZA_ID_NUMBER", "South African identity number", "ID_NUMBER", words=("rsa id",)),
    Entity("ZaPassportRecognizer", "ZA_PASSPORT", "South African passport number", "PASSPORT"),
    Entity("ZaDriverLicenseRecognizer", "ZA_DRIVER_LICENSE", "South African driving licence number", "DRIVING_LICENCE"),
    Entity("ZaIncomeTaxNumberRecognizer", "ZA_INCOME_TAX_NUMBER", "South African income tax number", "TAX_NUMBER"),
    Entity("ZaVatNumberRecognizer", "ZA_VAT_NUMBER", "South African VAT number", "VAT", quiet=True),
    Entity(
        "ZaTrafficRegisterNumberRecognizer",
        "ZA_TRAFFIC_REGISTER_NUMBER",
        "South African traffic register number",
        "TRN",
    ),
    Entity(
        "ZaCompanyRegistrationRecognizer",
        "ZA_COMPANY_REGISTRATION",
        "South African company number",
        "COMPANY",
        quiet=True,
    ),
    Entity("ZaLicensePlateRecognizer", "ZA_LICENSE_PLATE", "South African vehicle registration", "PLATE"),
    Entity("NgNinRecognizer", "NG_NIN", "Nigerian national identity number", "NATIONAL_ID"),
    Entity("NgVehicleRegistrationRecognizer", "NG_VEHICLE_REGISTRATION", "Nigerian vehicle registration", "PLATE"),
    Entity("PhTinRecognizer", "PH_TIN", "Philippine taxpayer number", "TIN"),
    Entity("PhUmidRecognizer", "PH_UMID", "Philippine multi-purpose identity number", "UMID"),
    Entity("PhPassportRecognizer", "PH_PASSPORT", "Philippine passport number", "PASSPORT"),
)
PERSON = Entity("", "PERSON", "Name of a person", "PERSON")

VAGUE_WORDS = frozenset(
    "us united states id identity pi pass check bank card document number registration vehicle eu no nr adresse tax medical"
    " certificate transaction provider individual national policy member plate licence license".split()
)
"""Context words of presidio's that stand near any number in code; they count as no evidence here."""


class Standing(IntEnum):
    """How specific a finding is; of two on the same characters the higher stays."""

    RANDOM = 1
    """Characters that look random, nothing else."""
    NAME = 2
    """A name of a person, as a language model sees it."""
    KEYWORD = 3
    """A value next to a telling word."""
    FAST_GENERIC = 4
    ENTITY = 5
    VENDOR = 6
    CHECKED = 7
    """An entity whose checksum is valid."""
    OWN = 8
    """Found by what the user wrote for just this."""
    FAST = 9


@frozen
class SecretType:
    """One kind of secret that a detect-secrets plugin knows."""

    title: str
    placeholder: str
    standing: Standing = Standing.VENDOR


SECRET_TYPES: dict[str, SecretType] = {
    "Artifactory Credentials": SecretType("Artifactory credentials", "ARTIFACTORY"),
    "AWS Access Key": SecretType("AWS access key", "AWS_KEY"),
    "Azure Storage Account access key": SecretType("Azure storage account key", "AZURE_STORAGE_KEY"),
    "Basic Auth Credentials": SecretType("Password in a URL", "PASSWORD"),
    "Cloudant Credentials": SecretType("Cloudant credentials", "CLOUDANT"),
    "Discord Bot Token": SecretType("Discord bot token", "DISCORD_TOKEN"),
    "GitHub Token": SecretType("GitHub token", "GITHUB_TOKEN"),
    "GitLab Token": SecretType("GitLab token", "GITLAB_TOKEN"),
    "IBM Cloud IAM Key": SecretType("IBM Cloud IAM key", "IBM_CLOUD_KEY"),
    "IBM COS HMAC Credentials": SecretType("IBM Cloud object storage key", "IBM_COS_KEY"),
    "JSON Web Token": SecretType("JSON Web Token", "JWT"),
    "Mailchimp Access Key": SecretType("Mailchimp API key", "MAILCHIMP_KEY"),
    "NPM tokens": SecretType("npm token", "NPM_TOKEN"),
    "OpenAI Token": SecretType("OpenAI API key", "OPENAI_KEY"),
    "Private Key": SecretType("Private key", "PRIVATE_KEY"),
    "PyPI Token": SecretType("PyPI token", "PYPI_TOKEN"),
    "SendGrid API Key": SecretType("SendGrid API key", "SENDGRID_KEY"),
    "Slack Token": SecretType("Slack token", "SLACK_TOKEN"),
    "SoftLayer Credentials": SecretType("SoftLayer credentials", "SOFTLAYER"),
    "Square OAuth Secret": SecretType("Square OAuth secret", "SQUARE_SECRET"),
    "Stripe Access Key": SecretType("Stripe API key", "STRIPE_KEY"),
    "Telegram Bot Token": SecretType("Telegram bot token", "TELEGRAM_TOKEN"),
    "Twilio API Key": SecretType("Twilio API key", "TWILIO_KEY"),
    "Secret Keyword": SecretType("Value of a secret's name", "SECRET", Standing.KEYWORD),
    "Public IP (ipv4)": SecretType("Public IP address", "IP", Standing.KEYWORD),
    "Base64 High Entropy String": SecretType("Random-looking text", "SECRET", Standing.RANDOM),
    "Hex High Entropy String": SecretType("Random-looking hexadecimal text", "SECRET", Standing.RANDOM),
}

_ENTITIES = {entity.name: entity for entity in (*ENTITIES, PERSON)}


def rule_id(detector: str, name: str) -> str:
    """`presidio-uk-nhs`, `detect-secrets-stripe-access-key`: the id of what a detector calls `name`."""
    return f"{detector}-{_slug(name, '-').lower()}"


class DeepRule(NamedTuple):
    """What one detector finds, as a policy speaks of it."""

    id: RuleId
    title: str
    category: Category


def deep_rules() -> list[DeepRule]:
    """All that is listed here."""
    people = [DeepRule(rule_id("presidio", one.name), one.title, Category.PII) for one in _ENTITIES.values()]
    secrets = [
        DeepRule(rule_id("detect-secrets", name), one.title, Category.SECRET) for name, one in SECRET_TYPES.items()
    ]
    return people + secrets


def finding_of(hit: Hit, text: str) -> Finding:
    """The finding a worker's hit in `text` is."""
    span = Span(hit.start, hit.end)
    certain = hit.confidence >= Confidence.MEDIUM
    if hit.detector == "presidio":
        entity = _ENTITIES.get(hit.name)
        title = entity.title if entity and not hit.own else hit.name.replace("_", " ").capitalize()
        placeholder = entity.placeholder if entity else _slug(hit.name, "_").upper()
        loud = certain and not (entity and entity.quiet)
        category, presidio_name = Category.PII, hit.name
    else:
        secret = SECRET_TYPES.get(hit.name)
        title, placeholder = (secret.title, secret.placeholder) if secret else (hit.name, _slug(hit.name, "_").upper())
        loud, category, presidio_name = certain, Category.SECRET, None
    return Finding(
        rule=rule_id(hit.detector, hit.name),
        title=title,
        category=category,
        span=span,
        severity=Severity.WARNING if loud else Severity.INFORMATION,
        confidence=hit.confidence,
        value=text[hit.start : hit.end],
        placeholder=placeholder,
        entity=presidio_name,
        evidence=hit.evidence,
        detector=hit.detector,
    )


def standing(finding: Finding) -> Standing:
    """How specific a finding of either lane is."""
    if finding.detector not in ("presidio", "detect-secrets"):
        generic = finding.confidence is Confidence.LOW or finding.rule.startswith("generic-")
        return Standing.FAST_GENERIC if generic else Standing.FAST
    if finding.evidence.startswith(OWN):
        return Standing.OWN
    if finding.detector == "detect-secrets":
        return _STANDINGS.get(finding.rule, Standing.VENDOR)
    if finding.entity == PERSON.name:
        return Standing.NAME
    return Standing.CHECKED if finding.evidence.startswith(CHECKSUM) else Standing.ENTITY


def _slug(name: str, joint: str) -> str:
    """Letters and digits of a name, joined; `OWN` where a user's name has none."""
    return joint.join(re.findall(r"[A-Za-z0-9]+", name)) or "OWN"


_STANDINGS = {rule_id("detect-secrets", name): secret.standing for name, secret in SECRET_TYPES.items()}
