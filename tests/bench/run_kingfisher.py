"""Run in the peers' environment: kingfisher-secret-scanner on texts in memory. JSON list of texts in, of seconds out."""

from __future__ import annotations

import json
import sys
import time

import kingfisher_sdk

ROUNDS = 9


def main() -> None:
    scanner = kingfisher_sdk.Scanner()
    json.dump([seconds(scanner, text) for text in json.load(sys.stdin)], sys.stdout)


def seconds(scanner: kingfisher_sdk.Scanner, text: str) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        scanner.scan(text)
        times.append(time.perf_counter() - begin)
    return min(times)


if __name__ == "__main__":
    main()
