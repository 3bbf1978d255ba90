"""What the scenarios put into files. No token stands here: each is made when the tests run."""

from __future__ import annotations

from tightlip.detect.sample import fill

TOKEN = fill("ghp_{crc32-base62:30}")
OTHER = fill("ghp_{crc32-base62:30} ").strip()
RULE = "github-personal-access-token"
EMAIL = "k73.vinterhage@" + "g" + "mail.com"
VALUES = (TOKEN, OTHER, EMAIL)
POLICY = (
    '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
)


def traces(text: str, *values: str, size: int = 8) -> set[str]:
    """The runs of `size` characters of the values that are in a text."""
    return {
        value[at : at + size]
        for value in values
        for at in range(len(value) - size + 1)
        if value[at : at + size] in text
    }
