"""Secrets that open nothing: examples of a standard, and fixed keys of an emulator that its maker publishes for everybody.

They are known by the beginning of their SHA-256, so that none of them stands here.
"""

from __future__ import annotations

from hashlib import sha256

_SIZE = 20
_PUBLISHED = frozenset(
    {
        "0011cc25eb4320717494",  # Azurite and Azure's storage emulator
        "aa6547439583c3a275d4",  # Azure Cosmos DB's emulator
        "ca7459e2b26776de081b",  # RFC 6749 section 2.3.1: client
        "e9974c507d2a802143f6",  # RFC 6749 section 2.3.1: client_secret
        "2c31d647d56670580eff",  # RFC 6749 section 4.3.2: password
        "6c96130f130ab0d6d158",  # RFC 6749 section 4.2.2: access_token
        "00cf4c781dc37003f7c7",  # RFC 6749 section 5.1: refresh_token
        "b8e148545b13c78bc74d",  # RFC 6750 section 2.1: bearer token
        "cf4d418ed3de92d71f76",  # RFC 7617 section 2: Aladdin
        "8d4ef6536dc8895f256c",  # RFC 7519 section 3.1 (RFC 7515 appendix A.1)
        "7f75367e7881255134e1",  # the token that jwt.io opens with
        "8be5d113c0871ce1a122",  # Google Authenticator's key URI format
        "f5e95c9954635b65acab",  # reCAPTCHA's secret for automated tests
    }
)


def is_published(value: str) -> bool:
    """Whether a secret is one that a standard or a maker's documentation prints for everybody."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:_SIZE] in _PUBLISHED
