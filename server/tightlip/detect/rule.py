"""A rule: what one kind of secret or identifier looks like. Rules are data (`rules/**/*.toml`); this is their shape."""

from __future__ import annotations

from attrs import frozen

from tightlip.finding import Category, Confidence, RuleId, Severity

LIST_KEYS = ("fields", "validators", "keywords", "references", "criteria", "matches", "misses")
"""Keys of a rule that hold a list of strings."""


@frozen
class Rule:
    """One rule.

    A rule finds values in one or both of two ways: by their own shape (`pattern`, with the short `gate` that the one
    pass looks for), or by the name of the field that holds them (`fields`, with the shape of an acceptable `value`).
    """

    id: RuleId
    title: str
    category: Category
    severity: Severity
    confidence: Confidence
    placeholder: str
    entity: str | None = None

    pattern: str = ""
    """Python regular expression (`re.ASCII`) with a group `value`; empty where only `fields` find it."""
    gate: str = ""
    """Hyperscan expression: a short anchored start of `pattern` that is reported once per occurrence."""
    window: int = 256
    """Code points that `pattern` may look at beyond the end of the gate's match."""

    fields: tuple[str, ...] = ()
    """Names of the fields that hold such a value, in snake_case (`date_of_birth` also means `dateOfBirth`, `DateOfBirth`,
    `DATE-OF-BIRTH`, `customer_date_of_birth`)."""
    value: str = ""
    """Python regular expression the whole field value must match (`re.ASCII`); empty takes any non-empty literal."""

    validators: tuple[str, ...] = ()
    """Names of checks that must all pass (`luhn`, `entropy>=3.2`): see `tightlip.detect.validators`."""
    checksum: str = ""
    """Name of a check that raises the confidence and never drops a finding: valid is certain, invalid is "format only"."""
    keywords: tuple[str, ...] = ()
    """Words, one of which must stand near the value (case-insensitive; 80 code points before, 40 after); empty: none."""

    advice: str = ""
    """What to do when it was ever sent, one sentence."""
    revoke: str = ""
    """Page where it can be revoked or rotated; empty where there is none."""
    references: tuple[str, ...] = ()
    """Pages the format is taken from; the first is shown as the diagnostic's link."""
    criteria: tuple[str, ...] = ()
    """SOC 2 Trust Services Criteria the rule serves (`CC6.1`)."""
    synthetic: str = ""
    """Kind of synthetic value that may stand in (`email`, `phone`, `payment-card`, ...); empty: placeholder only."""
    matches: tuple[str, ...] = ()
    """Texts that must give exactly this finding; `{base62:36}` and the like are filled in (`tightlip.detect.sample`)."""
    misses: tuple[str, ...] = ()
    """Texts that must not give this rule's finding."""
    source: str = ""
    """`file:line` the rule stands at."""
