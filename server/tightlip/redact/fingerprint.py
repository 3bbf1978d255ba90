"""Names a value without telling it, for baselines, allow lists and evidence."""

from __future__ import annotations

import base64
import hmac

from tightlip.finding import RuleId

PREFIX = "tl1:"


def fingerprint(key: bytes, rule_id: RuleId, value: str) -> str:
    """`tl1:` and 26 characters of base 32: 16 bytes of HMAC-SHA256 (RFC 2104) of rule and value under the workspace's key.

    Never a bare hash: a value with few possibilities, such as a phone number, could be guessed from one.
    """
    message = b"tightlip fingerprint\x00" + rule_id.encode() + b"\x00" + value.encode("utf-8", "surrogatepass")
    digest = hmac.digest(key, message, "sha256")[:16]
    return PREFIX + base64.b32encode(digest).decode().rstrip("=").lower()
