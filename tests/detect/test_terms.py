"""The organisation's own words are found however they are written, and only where they are words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.detect import patterns, terms
from tightlip.detect.detector import Document, detect
from tightlip.detect.own import Own
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.term_words import BETWEEN, Folded, fold, is_word, whole, words_of
from tightlip.detect.terms import TITLE, Terms, TermSpec, says, text_problem
from tightlip.finding import POLICY, Action, Category, Severity


def values(text: str, *specs: TermSpec) -> list[str]:
    found = Terms.build(specs).find(text)
    assert all(text[one.span.start : one.span.end] == one.value for one in found)
    return [one.value for one in found]


def term(*texts: str, case: bool = False, word: bool = True, action: Action | None = None, id: str = "t") -> TermSpec:
    return TermSpec(id, texts, case=case, word=word, action=action)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("falcon", ["falcon"]),
        ("FALCON Falcon fAlCoN", ["FALCON", "Falcon", "fAlCoN"]),
        ("falcon_client, my-falcon-2, falcon.api", ["falcon", "falcon", "falcon"]),
        ("falconClient FalconClient myFalcon HTTPFalcon", ["falcon", "Falcon", "Falcon", "Falcon"]),
        ("FALCONClient FALCON_KEY", ["FALCON", "FALCON"]),
        ("falcon2 2falcon falcon42x", ["falcon", "falcon", "falcon"]),
        ("falcons Falcon's FALCONS falconsNest", ["falcons", "Falcon", "FALCONS", "falcons"]),
        ("falconer xfalcon FALCONER falconry gyrfalcons", []),
        ("éfalcon falconé", []),
        ("fal\u00adcon fal\u200bcon", ["fal\u00adcon", "fal\u200bcon"]),
        ("falcon\u0301 x", []),
        ("日本falcon日本", ["falcon"]),
    ],
)
def test_a_word_counts_where_it_is_no_part_of_a_longer_one(text: str, found: list[str]) -> None:
    assert values(text, term("falcon")) == found


@pytest.mark.parametrize(
    "written",
    [
        "Project Falcon",
        "project  \t falcon",
        "project\nfalcon",
        "project\r\n    falcon",
        "PROJECT_FALCON",
        "project-falcon",
        "project – falcon",
        "projectFalcon",
        "projectfalcon",
        "project.falcon",
        "project/falcon",
        "project%20falcon",
        "project\u00a0falcon",
        "Project\n    # Falcon",
        "Project\n// Falcon",
        "Project\n   * Falcon",
    ],
)
def test_a_term_of_several_words_is_one_however_they_are_joined(written: str) -> None:
    for given_as in ("Project Falcon", "project-falcon", "PROJECT_FALCON"):
        assert values(f"see {written}, please", term(given_as)) == [written]


@pytest.mark.parametrize(
    "text", ["project. falcon", "project the falcon", "project, falcon", "myproject falcon", "project falconer"]
)
def test_words_that_are_not_together_are_no_term(text: str) -> None:
    assert values(text, term("Project Falcon")) == []


@pytest.mark.parametrize(
    ("given_as", "text"),
    [
        ("Straße", "straße STRASSE Strasse STRAẞE"),
        ("strasse", "straße STRASSE Strasse STRAẞE"),
        ("istanbul", "İSTANBUL ıstanbul i̇stanbul ISTANBUL"),
        ("İstanbul", "İSTANBUL ıstanbul i̇stanbul ISTANBUL"),
        ("Café", "CAFÉ cafe\u0301 Cafés"),
        ("cafe\u0301", "CAFÉ cafe\u0301 Cafés"),
        ("first", "ﬁrst ﬁRST first"),
        ("Ελλάς", "ΕΛΛΆΣ ελλάς Ελλάσ"),
        ("Müller", "MÜLLER müller Mu\u0308ller"),
    ],
)
def test_letters_fold_as_their_scripts_fold_them(given_as: str, text: str) -> None:
    assert values(text, term(given_as)) == text.split()


def test_scripts_without_spaces_have_no_words_to_respect() -> None:
    assert values("プロジェクト鷹です", term("鷹")) == ["鷹"]
    assert values("โครงการเหยี่ยวลับ", term("เหยี่ยว")) == ["เหยี่ยว"]


def test_digits_at_an_edge_end_only_at_signs() -> None:
    assert values("db-prod-01 DB_PROD_01 db-prod-012 db-prod-01a", term("db-prod-01")) == ["db-prod-01", "DB_PROD_01"]
    assert values("deadbeef4711cafe 4711 x4711 14711", term("4711")) == ["4711"]


def test_case_counts_where_it_is_said_to() -> None:
    assert values("Acme ACME acme AcmeClient", term("Acme", case=True)) == ["Acme", "Acme"]
    assert values("Go Far go far Go-Far GoFar", term("Go Far", case=True)) == ["Go Far", "Go-Far", "GoFar"]


def test_inside_of_a_word_counts_where_it_is_said_to() -> None:
    assert values("xfalconer", term("falcon", word=False)) == ["falcon"]
    assert values("xproject_falconer", term("project falcon", word=False)) == ["project_falcon"]


def test_half_a_letter_is_none() -> None:
    assert values("ßs straß", term("ss", word=False)) == ["ß", "ß"]
    assert values("straß", term("stras", word=False)) == []


def test_signs_are_taken_as_they_are() -> None:
    assert values("c++ C++17 c", term("C++")) == ["c++", "C++"]
    assert values("host db.corp.example:1 dbxcorp", term("db.corp")) == ["db.corp"]
    assert values(r"a $^[x] b", term("$^[x]")) == ["$^[x]"]


def test_of_two_the_longer_stays_unless_more_is_done_about_the_shorter() -> None:
    short, long = term("Acme", id="short"), term("Acme Pay", id="long")
    assert values("at Acme Pay", short, long) == ["Acme Pay"]
    stricter = term("Acme", id="short", action=Action.BLOCK)
    assert values("at Acme Pay", stricter, long) == ["Acme Pay", "Acme"]


def test_an_expression_marks_what_is_to_be_redacted() -> None:
    assert values("CUST-0042 cust-7", TermSpec("p", pattern=r"\bcust-(?P<value>[0-9]+)\b")) == ["0042", "7"]
    assert values("CUST-0042 cust-7", TermSpec("p", pattern=r"\bcust-[0-9]+\b", case=True)) == ["cust-7"]


def test_a_finding_says_the_title_and_never_the_term() -> None:
    (finding,) = Terms.build([TermSpec("customers", ("Falcon",))]).find("at falcon")
    assert (finding.rule, finding.title, finding.category) == ("customers", TITLE, Category.TERM)
    assert (finding.placeholder, finding.detector) == ("TERM", POLICY)
    assert "falcon" not in repr(finding).lower()
    assert "falcon" not in repr(TermSpec("customers", ("Falcon",), pattern="falcon")).lower()


def test_what_is_blocked_is_an_error_and_all_else_a_warning() -> None:
    severities = {action: Terms.build([term("x1", action=action)]).find("x1")[0].severity for action in (None, *Action)}
    assert {action for action, severity in severities.items() if severity is Severity.ERROR} == {Action.BLOCK}


WORDS = ["ab", "ba", "straße", "ß", "iİ", "é", "鷹", "x1", "a"]
TEXTS = st.lists(
    st.sampled_from(
        [
            *WORDS,
            *map(str.upper, WORDS),
            "Ab",
            "strasse",
            "e\u0301",
            "ı",
            " ",
            "-",
            "_",
            "\n",
            "# ",
            ".",
            "s",
            "\u200b",
            "2",
            "Z",
        ]
    ),
    max_size=9,
).map("".join)


@settings(max_examples=400)
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(" ".join),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    TEXTS,
    st.booleans(),
)
def test_it_finds_what_looking_at_every_place_finds(texts: list[str], text: str, word: bool) -> None:
    expected: set[tuple[int, int]] = set()
    for given_as in texts:
        for start, end in slowly(given_as, text):
            stop = whole(text, start, end) if word else end
            if stop >= 0:
                expected.add((start, stop))
    outer = {one for one in expected if not any(o != one and o[0] <= one[0] and one[1] <= o[1] for o in expected)}
    assert {one.span for one in Terms.build([term(*texts, word=word)]).find(text)} == outer


def slowly(given_as: str, text: str) -> set[tuple[int, int]]:
    """Every stretch of a text that reads as a term, beginning and ending with a character that can be seen."""
    import re

    expression = re.compile(BETWEEN.join(re.escape(fold(word)) for word in words_of(given_as)))
    found: set[tuple[int, int]] = set()
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            folded = Folded(text[start:end]).text
            seen = text[start] != "\u200b" and text[end - 1] != "\u200b" and text[end : end + 1] != "\u0301"
            if seen and expression.fullmatch(folded) and text[start] != "\u0301":
                found.add((start, end))
    return found


@given(st.text())
def test_every_place_of_a_folded_text_leads_back(text: str) -> None:
    folded = Folded(text)
    assert len(fold(text)) == len(folded.text)
    places = [folded.start(place) for place in range(len(folded.text))]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    for start in range(len(folded.text)):
        assert folded.start(start) < folded.end(start + 1) <= len(text)


def test_folding_leaves_every_other_letter_one_letter() -> None:
    for c in map(chr, range(0x110000)):
        folded = Folded(c)
        assert len(folded.text) < 2 or (folded.start(0), folded.end(len(folded.text))) == (0, 1)


@given(st.text(max_size=30), st.data())
def test_a_word_ends_where_nothing_of_it_follows(text: str, data: st.DataObject) -> None:
    text = f"{text}a"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    stop = whole(text, start, end)
    assert stop in (-1, end, end + 1)
    if not is_word(text[start - 1 : start] if start else "") and not is_word(text[end : end + 1]):
        assert stop == end


def test_a_text_full_of_half_terms_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    specs = [term(f"ab cd{number}", id=f"t{number}") for number in range(300)]
    terms = Terms.build([*specs, term("ab ab"), term("ab ab ab ab", id="u")])
    assert len(terms.find("ab " * 20_000)) > 1_000
    monkeypatch.setattr(patterns, "SECONDS", -10.0)
    context_free = detect(Document("ab " * 20_000), empty(), own=[terms])
    assert [notice.code for notice in context_free.notices] == ["too-many"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x", "single"),
        ("--", "no letter"),
        ("a" * 501, "longer"),
        ("a b " * 30, "words"),
        ("鷹", ""),
        ("C++", "single"),
    ],
)
def test_a_literal_that_would_flag_everything_or_nothing_is_refused(text: str, problem: str) -> None:
    assert problem in (text_problem(text) or "")
    assert bool(problem) == (text_problem(text) is not None)


def test_a_title_that_says_the_term_is_seen() -> None:
    assert says(term("Acme Pay"), "our customer AcmePay")
    assert says(term("Acme", case=True), "ACME")
    assert not says(term("Acme Pay"), "our customer")
    assert says(TermSpec("p", pattern="acme"), "Acme")


def empty() -> Ruleset:
    return Ruleset.build([])


def test_terms_are_found_beside_the_rules_and_take_nothing_from_them(ruleset: Ruleset) -> None:
    text = "owner = 'BDG-123456'  # for Falcon"
    everything = TermSpec("all", pattern=r"(?s).{1,200}", action=Action.BLOCK)
    without = detect(Document(text, "a.py"), ruleset)
    own: list[Own] = [Terms.build([everything]), Terms.build([term("falcon")])]
    both = detect(Document(text, "a.py"), ruleset, own=own)
    assert [one for one in both.findings if one.detector != POLICY] == list(without.findings) != []
    assert {one.rule for one in both.findings} == {"all", "t", *(one.rule for one in without.findings)}
    assert list(both.findings) == sorted(both.findings, key=lambda one: one.span)


def test_allow_comments_count_for_terms_where_they_count_at_all(ruleset: Ruleset) -> None:
    text = "at falcon  # tightlip: allow[t] our own blog says it"
    own = [Terms.build([term("falcon")])]
    allowed = detect(Document(text, "a.py"), ruleset, own=own)
    assert (allowed.findings, [one.kind for one in allowed.suppressed]) == ((), ["inline"])
    assert len(detect(Document(text, "a.py"), ruleset, own=own, strict=True).findings) == 1
    assert len(detect(Document(text.replace("[t]", "[other]"), "a.py"), ruleset, own=own).findings) == 1


@pytest.mark.parametrize("text", ["{falcon}", "<falcon>", "${FALCON}", "falcon()", "xxxx"])
def test_a_term_is_a_term_in_a_reference_too(ruleset: Ruleset, text: str) -> None:
    own = [Terms.build([TermSpec("p", pattern=r"\$?[<{]falcon[>}]|falcon\(\)|xxxx")])]
    assert len(detect(Document(text, "a.py"), ruleset, own=own).findings) == 1


def test_terms_that_are_compiled_are_taken_from_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path))
    first = Terms.build([term("Falcon", "Müller")]).find("falcon MÜLLER")
    monkeypatch.setattr("tightlip.detect.gate._compile", None)
    assert Terms.build([term("Falcon", "Müller")]).find("falcon MÜLLER") == first
    assert len(first) == 2


@pytest.mark.parametrize(
    ("texts", "looked_for"),
    [
        (("Project A", "Project E", "Falcon"), {"project", "falcon"}),
        (("Project A", "Project Falcon", "Project Nord"), {"project", "falcon", "nord"}),
        (("A 1", "ab 1"), {"a", "ab"}),
        (tuple(f"Client {number}" for number in range(300, 330)), {str(number) for number in range(300, 330)}),
    ],
)
def test_no_word_that_texts_are_full_of_is_looked_for_where_another_would_do(
    texts: tuple[str, ...], looked_for: set[str]
) -> None:
    assert {one.words[one.rare] for one in terms._literals([term(*texts)])} == looked_for
    assert all(values(text, term(*texts)) == [text] for text in texts)
