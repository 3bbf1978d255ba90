"""A worker without libraries that misbehaves as it is told: `fake_worker.py COUNTER BEHAVIOUR...`, one behaviour per start.

The last behaviour stays. COUNTER is a file that grows by one byte per start.
"""

import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))  # the folder that holds the package: workers are started there

from tightlip.detect.deep.protocol import Hello, Hit, Reply, Request, decode_request, encode
from tightlip.finding import Confidence


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def found(request: Request) -> tuple[Hit, ...]:
    """Every FINDME; the evidence is how much text was sent."""
    sent = str(sum(len(region.text) for region in request.regions))
    return tuple(
        Hit(
            "presidio",
            "FAKE",
            region.offset + match.start(),
            region.offset + match.end(),
            Confidence.MEDIUM,
            sent,
            True,
        )
        for region in request.regions
        for match in re.finditer("FINDME", region.text)
    )


def main(counter: Path, behaviours: list[str]) -> None:
    with counter.open("ab") as file:
        file.write(b".")
    behaviour = behaviours[min(counter.stat().st_size, len(behaviours)) - 1]
    if behaviour == "never-ready":
        time.sleep(60)
    if behaviour == "die-at-once":
        os._exit(3)
    if behaviour == "no-hello":
        say(b"Welcome to fake 1.0!\n")
    say(encode(Hello("starting")))
    say(encode(Hello("ready", os.getpid())))
    if behaviour == "deaf":
        time.sleep(60)
    while line := sys.stdin.buffer.readline():
        request = decode_request(line)
        assert isinstance(request, Request)
        text = "".join(region.text for region in request.regions)
        if behaviour == "die" or (behaviour == "die-on-bomb" and "BOMB" in text):
            os._exit(9)
        elif behaviour == "hang" or (behaviour == "die-on-bomb" and "HANG" in text):
            time.sleep(60)
        elif behaviour == "not-json":
            say(b"{]\n")
        elif behaviour == "other-id":
            say(encode(Reply(request.id + 1)))
        elif behaviour == "other-place":
            say(encode(Reply(request.id, (Hit("presidio", "FAKE", 10**6, 10**6 + 3, Confidence.LOW, "x"),))))
        elif behaviour == "wrong-type":
            say(b'{"type": "reply", "id": %d, "findings": [{"start": "one"}], "problems": []}\n' % request.id)
        elif behaviour == "eat":
            hoard = bytearray(os.urandom(1) * 400_000_000)
            time.sleep(60 + len(hoard) * 0)
        else:
            time.sleep(0.2 if behaviour == "slow" else 0)
            say(encode(Reply(request.id, found(request))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
