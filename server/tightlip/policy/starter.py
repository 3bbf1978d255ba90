"""A first policy to write on: every line of it is accepted as it stands, and what is only proposed is a comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from tightlip.policy.model import Layer

_ORGANISATION = """\
# What may go to an AI assistant, for everybody in the organisation. Nobody below can loosen what stands here.
# `tightlip policy check --layer org FILE` tells mistakes, `tightlip policy explain KEY` what a key means.

[bundle]
id = "acme"
revision = 1                  # raise it with every change: an older one is refused
expires = {expires}          # review it before
# incident_contact = "security@acme.example"

[defaults]
class = "internal"            # of repositories that no [[repo]] names: public, internal, confidential or restricted
on_error = "closed"           # while this policy cannot be read: open tells, warn warns, closed stops everything

[class.restricted]
share = "block"               # off, info, warn, ask or block
copied_code = "ask"           # lines of it that were copied somewhere else

[class.confidential]
share = "ask"

[detect.secret]
action = "block"

[detect.pii]
action = "ask"
# fixtures = "warn"           # in tests, examples and documentation

[inline]
allow = true                  # whether a comment `tightlip: allow[rule] reason` counts

# Repositories by their address; of several that match, the strictest class counts.
# [[repo]]
# match = {{ remote = "github.com/acme/pay*" }}
# class = "restricted"
# paths = {{ "docs/**" = "internal" }}
# owner = "Payments"
# contact = "payments@acme.example"
# allowed = "Use the review bot, which keeps nothing."

# What is let through for a while, for a reason, with the name of who answers for it.
# [[exception]]
# id = "EX-1"
# scope = {{ category = "restricted", remote = "github.com/acme/pay", path = "docs/**" }}
# action = "info"
# reason = "The documentation is published."
# approver = "ciso@acme.example"
# expires = {soon}
"""

_REPOSITORY = """\
# What of this repository may go to an AI assistant. Where the organisation has a policy, this can only be stricter.
# `tightlip policy check` tells mistakes, `tightlip policy explain` what holds here.

[defaults]
class = "internal"            # public, internal, confidential or restricted

[detect.secret]
action = "block"              # off, info, warn, ask or block

[detect.pii]
action = "ask"
# fixtures = "warn"           # in tests, examples and documentation

# What is different for one rule; `tightlip rules list` names them.
# [detect.rule.us-ssn]
# action = "block"

# Parts that are more protected than the rest.
# [[repo]]
# match = {{ path = "src/pricing/**" }}
# class = "restricted"
# contact = "pricing@acme.example"

# A rule in some files, or one value by its fingerprint, that a person has looked at and allows.
# [[allow]]
# rule = "email-address"
# path = "docs/**"
# reason = "The address of our support is public."
# expires = {soon}

# [scan]
# exclude = ["vendor/**"]
"""

_TEXTS: Mapping[Layer, str] = MappingProxyType({Layer.ORG: _ORGANISATION, Layer.REPO: _REPOSITORY})


def starter(layer: Layer, day: date) -> str:
    """A commented `tightlip.toml` for the organisation or for a repository; what expires does so some time after `day`."""
    expires, soon = day + timedelta(days=365), day + timedelta(days=90)
    return _TEXTS[layer].format(expires=expires, soon=soon)
