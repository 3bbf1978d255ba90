"""The schema says what the reader reads: no key more, none less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tightlip.detect.shipped import rules_directory
from tightlip.errors import PolicyError
from tightlip.policy.load import load_policy
from tightlip.policy.schema import policy_schema
from tightlip.syntax.toml import read_toml

FILE = rules_directory() / "schema" / "tightlip.schema.json"


def test_the_schema_that_is_shipped_is_the_one_the_code_makes():
    assert json.loads(FILE.read_text("utf-8")) == policy_schema(), (
        "run: python -m tightlip.policy.schema rules/schema/tightlip.schema.json"
    )


def written(schema: dict[str, Any], path: str = "") -> list[str]:
    """A policy in which every key of the schema stands once."""
    lines: list[str] = []
    inner: list[str] = []
    for name, value in schema.get("properties", {}).items():
        full = f"{path}.{name}" if path else name
        if value.get("type") == "array":
            inner += [f"[[{full}]]", *written(value["items"], full)]
        elif "properties" in value:
            inner += [f"[{full}]", *written(value, full)]
        elif "additionalProperties" in value:
            entry = value["additionalProperties"]
            key = "generic-secret" if name == "rule" else "src/*"
            inner += (
                [f'[{full}."{key}"]', *written(entry, full)]
                if "properties" in entry
                else [f"[{full}]", f'"{key}" = "restricted"']
            )
        else:
            lines.append(f"{name} = {sample(name, value)}")
    return lines + inner


def sample(name: str, schema: dict[str, Any]) -> str:
    one = schema["anyOf"][0] if "anyOf" in schema else schema
    if "enum" in one:
        return json.dumps(one["enum"][-1])
    if one.get("type") == "boolean":
        return "false"
    if one.get("type") == "integer":
        return "3"
    named = {"expires": "2027-01-31", "remote": '"github.com/acme/pay"', "root": f'"{"0b" * 20}"'}
    return named.get(name, '"name"')


def test_every_key_of_the_schema_is_one_the_reader_knows(tmp_path: Path):
    schema = policy_schema()
    for name in ("term", "rule"):  # what is sampled here is no term and no rule; its keys are tested below
        del schema["properties"][name]
    text = "\n".join(written(schema)) + "\n"
    (tmp_path / "tightlip.toml").write_text(text)
    read_toml(tmp_path / "tightlip.toml", PolicyError, "tightlip.toml")
    policy = load_policy(tmp_path)
    # a file of a repository: what is refused is known, and refused for its layer
    assert [problem.message for problem in policy.problems if not problem.message.startswith("ignored: ")] == []
    assert policy.required.keys() == {"send"}
    assert len(policy.repos) == len(policy.allows) == 1


def test_every_key_the_reader_names_is_in_the_schema(tmp_path: Path):
    """The reader lists its keys where it refuses one that is close to none of them."""
    for table, properties in tables(policy_schema()):
        for name in properties:
            if table == "[bundle]":
                continue  # read where the organisation's files are
            # one letter off: the reader knows the right word, so it is one of its keys
            (tmp_path / "tightlip.toml").write_text(f"{table}\n{name}x = 1\n")
            (problem, *_) = [p for p in load_policy(tmp_path).problems if "unknown key" in p.message]
            assert f'Did you mean "{name}"' in problem.message


def tables(schema: dict[str, Any], path: str = ""):
    if path:
        yield f"[{path}]", list(schema.get("properties", {}))
    for name, value in schema.get("properties", {}).items():
        full = f"{path}.{name}" if path else name
        if value.get("type") == "array":
            yield f"[[{full}]]", list(value["items"]["properties"])
        elif "properties" in value:
            yield from tables(value, full)
