"""How much a text looks drawn by a generator rather than chosen by a person. Small, offline, and the same everywhere.

Every two neighbouring characters are evidence. In words and identifiers most pairs are among the commonest letter pairs of
the language; in generated text most are rare letter pairs, or change between letters and digits or from lower to upper case.
The evidence adds up (a naive Bayes log-likelihood ratio, in nats): above 0 generated is likelier, below 0 written.

Measured with the limit 2: 99 % of generated values of 16 and more characters (hexadecimal, base 36, 62, 64) pass, 97 % in base
32, 95 % of those of 12; 0.4 % of the 48,000 names in the Python standard library do.
"""

from __future__ import annotations

from itertools import pairwise

_COMMON = frozenset(
    """
    ab ac ad ag ai al am an ap ar as at av ba bl bu ca ce ch ck cl co cr ct da de di do du ea ec ed ee ef el em en ep er es et
    ev ex fe ff fi fo fr ge ha he hi ho ia ic id ie ig il im in io ip ir is it ke la ld le li ll lo lt ma me mi mo mp na nc nd
    ne nf ng ni no ns nt oc od ol om on oo op or os ot ou ow pa pe pl po pr pt qu ra rc re ri rm ro rr rs rt sa sc se sh si so
    sp ss st su ta te th ti to tr ts tt tu ty ue ul um un up ur us ut va ve wi xt yp
    """.split()
)
"""The 150 commonest letter pairs in the names of the Python standard library: 81 % of the pairs there, 22 % of all pairs."""

_COMMON_PAIR, _RARE_PAIR, _CHANGE, _SYMBOL = -1.4, 0.9, 1.6, -0.3


def randomness(value: str) -> float:
    """Evidence, in nats, that `value` was generated; negative for words, names and paths, 0.0 for a single character."""
    return sum(_evidence(first, second) for first, second in pairwise(value))


def _evidence(first: str, second: str) -> float:
    if first.isalpha() and second.isalpha():
        if first.islower() and second.isupper():
            return _CHANGE
        return _COMMON_PAIR if (first + second).lower() in _COMMON else _RARE_PAIR
    if first.isdigit() and second.isdigit():
        return 0.0
    return _CHANGE if first.isalnum() and second.isalnum() else _SYMBOL
