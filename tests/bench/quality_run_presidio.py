"""Run in the peers' environment: presidio's self-proving recognizers on texts. JSON list of texts in, of findings out.

The engine is left out: it reads less than 0.1 MB/s, and needs a language model for what it adds.
"""

from __future__ import annotations

import json
import sys

import tldextract
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    InAadhaarRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    UkNinoRecognizer,
    UsSsnRecognizer,
)

# its e-mail recognizer fetches a list otherwise
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
RECOGNIZERS = [
    kind()
    for kind in (
        CreditCardRecognizer,
        CryptoRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        InAadhaarRecognizer,
        IpRecognizer,
        MacAddressRecognizer,
        NhsRecognizer,
        PhoneRecognizer,
        UkNinoRecognizer,
        UsSsnRecognizer,
    )
]


def main() -> None:
    json.dump(
        [
            [
                (one.start, one.end, one.entity_type)
                for recognizer in RECOGNIZERS
                for one in recognizer.analyze(text, recognizer.supported_entities, None) or ()
                if one.score > 0
            ]
            for text in json.load(sys.stdin)
        ],
        sys.stdout,
    )


if __name__ == "__main__":
    main()
