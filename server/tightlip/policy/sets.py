"""Named sets of personal data, as laws and standards draw them: `[detect.set.pci]` speaks of all rules of one at once.

- `pci`: cardholder and sensitive authentication data (PCI DSS v4.0.1, section 2, table 2)
- `hipaa`: the eighteen identifiers of 45 CFR 164.514(b)(2), and what is told of a person's health
- `gdpr`: all personal data (GDPR Art. 4(1)), special categories and convictions (Art. 9, 10) among it
- `soc2`: personal information of the Privacy criteria (AICPA TSP 100, P1 to P8), which draw no narrower line
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tightlip.finding import Category, RuleId

_PCI = """
    payment-card payment-card-field payment-card-track card-verification-value person-name presidio-credit-card
"""
_HIPAA = """
    person-name person-first-name person-last-name street-address city postal-code geographic-position date-of-birth phone-number
    phone-number-international email-address us-ssn us-ssn-last-four us-itin medical-record-number health-insurance-number
    us-medicare-beneficiary health-condition bank-account-number iban driving-licence-number us-dea-number us-npi passport-number
    identity-document-number vehicle-identification-number licence-plate imei mac-address ip-address ipv6-address username
    presidio-person presidio-location presidio-email-address presidio-phone-number presidio-us-ssn presidio-us-itin
    presidio-us-driver-license presidio-us-passport presidio-us-bank-number presidio-medical-license presidio-ip-address
    presidio-mac-address presidio-us-mbi presidio-us-npi
"""
DEEP = frozenset(
    """
    presidio-person presidio-location presidio-nrp presidio-email-address presidio-phone-number presidio-credit-card
    presidio-iban-code presidio-ip-address presidio-mac-address presidio-us-ssn presidio-us-itin presidio-us-driver-license
    presidio-us-passport presidio-us-bank-number presidio-medical-license presidio-us-mbi presidio-us-npi presidio-uk-nhs
    presidio-uk-nino
""".split()
)
"""Rules of the deep lane for personal data. Some are found only where `recognizers.yaml` asks for them."""

SETS: Mapping[str, frozenset[RuleId] | None] = MappingProxyType(
    {"pci": frozenset(_PCI.split()), "hipaa": frozenset(_HIPAA.split()), "gdpr": None, "soc2": None}
)
"""Rules of every set; None for all rules of personal data."""


def rules_of(name: str, categories: Mapping[RuleId, Category]) -> Iterable[RuleId]:
    """The rules of a set. `categories` are those of the rules that exist."""
    chosen = SETS[name]
    if chosen is not None:
        return sorted(chosen)
    return sorted({rule for rule, category in categories.items() if category is Category.PII} | DEEP)
