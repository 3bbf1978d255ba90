"""A server on a machine with an organisation: its policy and the user's lie in a folder that the test names.

Who may have written a policy is decided elsewhere and has tests of its own; here every file in the folder is believed, one
that is no TOML is missing, and a file `stale` beside it makes it so.
"""

import sys
from pathlib import Path

COMMAND = """\
import sys
from pathlib import Path
from tests.lsp.organised import place
place(Path(sys.argv.pop(1)))
from tightlip.editor.server import serve
sys.exit(serve(None, sys.argv[1]))
"""


def command(folder: Path) -> list[str]:
    """How such a server is started."""
    return [sys.executable, "-c", COMMAND, str(folder)]


def place(folder: Path) -> None:
    """Have this process find its organisation in a folder."""
    import tightlip.guard as guard
    import tightlip.policy.load as load
    from tightlip.errors import PolicyError
    from tightlip.policy.organisation import Organisation, OrgFile, Places, State
    from tightlip.syntax.toml import read_toml

    main = folder / "etc" / "tightlip.toml"

    def organisation(where: Places) -> Organisation:
        watched = (str(main.parent), str(main), str(main.parent / "stale"))
        if not main.is_file():
            return Organisation(State.ABSENT, sentence="There is no organisation's policy.", watched=watched)
        try:
            document = read_toml(main, PolicyError)
        except PolicyError as error:
            sentence = f"The organisation's policy is not in force: {error}."
            return Organisation(State.UNTRUSTED, problems=(error,), broken=True, sentence=sentence, watched=watched)
        file = OrgFile(document, str(main), str(main), str(main.parent))
        if (main.parent / "stale").is_file():
            return Organisation(State.STALE, (file,), sentence="The organisation's policy is stale.", watched=watched)
        return Organisation(State.TRUSTED, (file,), sentence="The organisation's policy is in force.", watched=watched)

    def places() -> Places:
        return Places(folder=str(main.parent), user=str(folder / "user"))

    def user_file(where: Places) -> Path | None:
        path = Path(where.user, "tightlip.toml")
        return path if path.is_file() else None

    guard.places = places
    load.organisation = organisation
    load.user_file = user_file
