"""Two lanes, one list: nothing twice, nothing lost that the fast lane found."""

from itertools import pairwise

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.deep.catalog import ENTITIES, SECRET_TYPES, finding_of, rule_id
from tightlip.detect.deep.merge import carry, merge, without_overlaps
from tightlip.detect.deep.protocol import Hit
from tightlip.detect.deep.regions import around, changed
from tightlip.detect.suppress import Suppressed, quiet_spans
from tightlip.finding import POLICY, Category, Confidence, Finding, Severity, Span

TEXT = "0123456789" * 8


def fast(start, end, rule="github-personal-access-token", confidence=Confidence.HIGH):
    value = TEXT[start:end]
    return Finding(rule, "T", Category.SECRET, Span(start, end), Severity.ERROR, confidence, value, "T")


def deep(start, end, name="UK_NHS", evidence="checksum valid", detector="presidio", own=False):
    return finding_of(Hit(detector, name, start, end, Confidence.MEDIUM, evidence, own), TEXT)


def secret(start, end, name):
    return deep(start, end, name, "format only", "detect-secrets")


def rules(findings):
    return [finding.rule for finding in findings]


def test_a_value_both_lanes_find_is_told_once_by_the_fast_lanes_own_rule():
    assert merge([fast(10, 20)], [secret(10, 20, "GitHub Token"), deep(8, 30)]) == (fast(10, 20),)


def test_the_more_specific_of_the_deep_lane_stays():
    nhs, vendor, near = (
        deep(10, 20),
        secret(10, 20, "Stripe Access Key"),
        deep(10, 20, "US_PASSPORT", 'near "passport"'),
    )
    keyword, random = secret(8, 22, "Secret Keyword"), secret(5, 30, "Base64 High Entropy String")
    own = deep(10, 20, "ACME", 'your own recognizer "Acme"', own=True)
    for better, worse in ((own, nhs), (nhs, vendor), (vendor, near), (near, keyword), (keyword, random)):
        assert without_overlaps([worse, better]) == [better]


def test_a_generic_fast_finding_gives_way_only_to_a_more_specific_one_that_covers_it():
    generic = fast(10, 20, "generic-secret", Confidence.LOW)
    vendor = secret(10, 20, "Stripe Access Key")
    assert merge([generic], [vendor]) == (vendor,)
    assert merge([generic], [secret(12, 20, "Stripe Access Key")]) == (generic,)
    assert merge([generic], [secret(8, 30, "Base64 High Entropy String")]) == (generic,)


def test_deep_findings_within_a_suppressed_span_are_dropped():
    found = [deep(10, 20), deep(30, 40), deep(50, 60)]
    assert rules(merge([], found, [Span(30, 41), Span(9, 20)])) == ["presidio-uk-nhs"]
    assert merge([], found, [Span(12, 20), Span(50, 59)]) == tuple(found)


spans = st.tuples(st.integers(0, 70), st.integers(1, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
deep_findings = st.lists(
    st.builds(
        lambda span, make: make(*span),
        spans,
        st.sampled_from(
            [
                deep,
                lambda a, b: secret(a, b, "Secret Keyword"),
                lambda a, b: secret(a, b, "Slack Token"),
                lambda a, b: deep(a, b, "PERSON", "x"),
            ]
        ),
    ),
    max_size=12,
)
fast_findings = st.lists(spans, max_size=8).map(lambda found: without_overlaps([fast(*span) for span in found]))


@given(fast_findings, deep_findings, st.lists(spans, max_size=3))
def test_merged_findings_are_sorted_free_of_overlaps_and_lose_no_fast_finding(fast_ones, deep_ones, quiet):
    merged = merge(fast_ones, deep_ones, [Span(*span) for span in quiet])
    assert all(a.span.end <= b.span.start for a, b in pairwise(merged))
    assert set(fast_ones) <= set(merged)
    for finding in deep_ones:
        covered = any(finding.span.overlaps(other.span) for other in merged)
        assert covered or any(a <= finding.span.start and finding.span.end <= b for a, b in quiet)


@given(st.text("ab@\n", max_size=40), st.text("ab@\n", max_size=40))
def test_carried_findings_still_stand_on_their_values(before, after):
    findings = [
        finding_of(Hit("presidio", "X", at, at + 1, Confidence.LOW, "x"), before)
        for at, c in enumerate(before)
        if c == "@"
    ]
    old, new = changed(before, after)
    part = around(after, new)
    for finding in carry(findings, after, old, new, part):
        assert after[finding.span.start : finding.span.end] == "@"
        assert not (part.start <= finding.span.start and finding.span.end <= part.end)


def test_a_hundred_thousand_findings_are_merged():
    text = "x" * 2_000_000
    many = [finding_of(Hit("presidio", "X", at, at + 5, Confidence.LOW, "x"), text) for at in range(0, 1_000_000, 10)]
    few = [
        finding_of(Hit("presidio", "UK_NHS", at, at + 9, Confidence.HIGH, "checksum valid"), text)
        for at in range(0, 50_000, 10)
    ]
    assert len(merge([], many + few)) == 100_000


def test_every_detector_has_a_rule_id_a_title_and_a_placeholder():
    names = [("presidio", entity.name) for entity in ENTITIES] + [("detect-secrets", name) for name in SECRET_TYPES]
    ids = [rule_id(*name) for name in names]
    assert len(set(ids)) == len(ids)
    assert {"presidio-uk-nhs", "detect-secrets-public-ip-ipv4", "detect-secrets-stripe-access-key"} <= set(ids)
    for detector, name in [*names, ("presidio", "ACME BADGE nö"), ("detect-secrets", "日本")]:
        finding = finding_of(Hit(detector, name, 0, 3, Confidence.MEDIUM, "x"), TEXT)
        assert finding.title
        assert finding.placeholder.replace("_", "").isalnum()
        assert finding.placeholder.isupper()
        assert finding.placeholder.isascii()


def own(start, end):
    return evolve(fast(start, end, "term", Confidence.LOW), detector=POLICY)


def test_a_policys_own_finding_neither_gives_way_nor_drives_a_deep_one_out():
    generic = fast(20, 25, "generic-secret", Confidence.LOW)
    assert merge([own(0, 40), generic], [deep(5, 12)]) == (own(0, 40), deep(5, 12), generic)
    assert merge([own(5, 12)], [deep(0, 40)]) == (deep(0, 40), own(5, 12))


def test_where_a_policys_own_finding_is_allowed_nothing_else_is():
    allowed = [Suppressed(own(0, 40), "inline", "ours"), Suppressed(fast(50, 60), "inline", "ours")]
    assert quiet_spans(allowed) == [Span(50, 60)]
