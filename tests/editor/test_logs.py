"""Logs are ours alone: other packages' loggers hold whole texts and stay silent."""

import subprocess
import sys

CODE = """
import asyncio, logging, sys, threading
from tightlip.editor.logs import start_logging, watch_loop
start_logging("debug")
for name in ("pygls.protocol.json_rpc", "asyncio", "cattrs.anything", "somebody.else"):
    logging.getLogger(name).critical("hush-hush")
logging.getLogger("tightlip.editor").info("told")
def fail(): raise ValueError("hush-hush")
thread = threading.Thread(target=fail); thread.start(); thread.join()
async def main():
    watch_loop(asyncio.get_running_loop())
    async def forgotten(): fail()
    asyncio.ensure_future(forgotten())
    await asyncio.sleep(0.05)
    import gc; gc.collect()
asyncio.run(main())
fail()
"""


def test_nothing_but_our_own_words_is_logged_whatever_fails():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.returncode == 1
    assert "INFO told" in done.stderr
    assert done.stderr.count("ValueError at") == 3
    assert "hush" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
