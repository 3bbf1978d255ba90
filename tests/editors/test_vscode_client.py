"""The unit tests of the VS Code client, in the copy it was built in; its types were checked when it was packaged."""

from __future__ import annotations

import subprocess

import pytest

from tests.conftest import CI
from tests.editors import install


@pytest.mark.xdist_group("vscode")
def test_the_clients_own_tests_pass() -> None:
    client = install.folder() / "client" / install.CLIENT.relative_to(install.ROOT)
    if install.node() is None or not (client / "node_modules").exists():
        lacks = "the client of VS Code is not built: run `make editors`"
        if CI:
            pytest.fail(lacks)
        pytest.skip(lacks)
    try:
        install.npm(client, "test")
    except subprocess.CalledProcessError as problem:
        pytest.fail(install.explain(problem))
