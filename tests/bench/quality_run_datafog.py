"""Run in the peers' environment: datafog-core on texts. JSON list of texts in, of findings out."""

from __future__ import annotations

import json
import sys

import datafog_core

NAMES = {
    "EMAIL": "EMAIL_ADDRESS",
    "PHONE": "PHONE_NUMBER",
    "SSN": "US_SSN",
    "NPI": "US_NPI",
    "US_ROUTING_NUMBER": "ABA_ROUTING_NUMBER",
    "CREDIT_CARD": "CREDIT_CARD",
    "IP_ADDRESS": "IP_ADDRESS",
    "ZIP_CODE": "ZIP_CODE",
    "DATE": "DATE_OF_BIRTH",
}


def main() -> None:
    json.dump(
        [
            [
                (one.codepoint_range.start, one.codepoint_range.end, NAMES[one.entity_type])
                for one in datafog_core.scan(text)
                if one.entity_type in NAMES
            ]
            for text in json.load(sys.stdin)
        ],
        sys.stdout,
    )


if __name__ == "__main__":
    main()
