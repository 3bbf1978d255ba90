"""The policy that a device manager writes: a property list on macOS, a registry value on Windows. One key: PolicyToml."""

from __future__ import annotations

import os
from typing import cast

from tightlip.errors import PolicyError
from tightlip.policy.ownership import printable, read_content
from tightlip.policy.places import REGISTRY

KEY = "PolicyToml"


def managed_policy(place: str) -> bytes | None:
    """UTF-8 text of the policy at a place of `Places.managed`; None where nothing is managed. Raises PolicyError.

    HKEY_LOCAL_MACHINE's policies are written by administrators alone; the property list must belong to root.
    """
    if place == REGISTRY:
        return _from_registry()
    try:
        os.lstat(place)
    except (FileNotFoundError, ValueError):
        return None
    except OSError as problem:
        raise PolicyError(f"cannot look here: {problem.strerror}", file=printable(place)) from None
    content = read_content(place)
    if content.doubt:
        raise PolicyError(f"this file is not believed: {content.doubt}", file=printable(place))
    return _from_property_list(content.data, place)


def _from_property_list(data: bytes, place: str) -> bytes | None:
    import plistlib

    try:
        found = cast("object", plistlib.loads(data))
    except Exception:  # plistlib lets out whatever a damaged list makes it meet
        raise PolicyError(
            "this is not a property list; let the device manager write it again", file=printable(place)
        ) from None
    if not isinstance(found, dict):
        raise PolicyError(f'this property list has no keys; it needs "{KEY}"', file=printable(place))
    value = cast("dict[object, object]", found).get(KEY)
    if value is None:
        return None
    return _text(value, place)


def _from_registry() -> bytes | None:
    from tightlip.policy.windows import machine_value

    try:
        value = machine_value(REGISTRY.partition("\\")[2], KEY)
    except OSError as problem:
        raise PolicyError(f"cannot read {KEY}: {problem.strerror}", file=REGISTRY) from None
    return None if value is None else _text(value, REGISTRY)


def _text(value: object, place: str) -> bytes:
    if isinstance(value, list):
        value = "\n".join(str(line) for line in cast("list[object]", value))
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, bytes):
        return value
    raise PolicyError(f'"{KEY}" must be a text', file=printable(place))
