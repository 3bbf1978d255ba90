"""Write `rules/common_lines.txt`: `python -m tests.bench.copied_common`.

From the packages that the bench of copied code takes as public, so that what it measures has no part in the list.
"""

from __future__ import annotations

from collections import defaultdict
from zlib import crc32

from tests.bench.copied_corpus import corpus
from tightlip.detect.shipped import rules_directory
from tightlip.provenance.common_lines import FILE
from tightlip.provenance.normal_lines import long_lines

PROJECTS = 3
HEAD = f"""\
# Lines of code, normalised, that at least {PROJECTS} of {{projects}} public projects have: CRC-32 of each. Such a line says nothing
# of where a text is from. `python -m tests.bench.copied_common` writes this list; the packages are pinned in
# tests/bench/packages.toml, and those that the bench of copied code asks about have no part in it.
"""


def main() -> None:
    """Write the list."""
    projects: defaultdict[int, set[str]] = defaultdict(set)
    public = corpus().public
    for file in public:
        for line in set(long_lines(file.text).lines):
            projects[crc32(line)].add(file.package)
    common = sorted(line for line, names in projects.items() if len(names) >= PROJECTS)
    head = HEAD.format(projects=len({file.package for file in public}))
    (rules_directory() / FILE).write_text(head + "".join(f"{line:08x}\n" for line in common), "ascii")


if __name__ == "__main__":
    main()
