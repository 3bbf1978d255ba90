"""`tightlip policy`."""

from __future__ import annotations

import click

from tightlip.cli.commands import Commands, Entry

COMMANDS = {
    "check": Entry("tightlip.cli.policy.check", "Tell every mistake of policy files."),
    "explain": Entry("tightlip.cli.policy.explain", "Say what holds, which file says so, and who asked in vain."),
    "diff": Entry("tightlip.cli.policy.diff", "Say what became stricter and what became looser."),
    "test": Entry("tightlip.cli.policy.test", "Hold the policy against samples with an expected decision."),
    "schema": Entry("tightlip.cli.policy.schema", "Print the JSON Schema of tightlip.toml."),
    "sign": Entry("tightlip.cli.policy.sign", "Sign a policy of the organisation."),
    "verify": Entry("tightlip.cli.policy.verify", "Check the signature of a policy."),
    "init": Entry("tightlip.cli.policy.init", "Write a first tightlip.toml."),
}


@click.group(cls=Commands, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def policy() -> None:
    """Check, explain, compare, test or sign policies: what may go to an assistant, and who says so."""
