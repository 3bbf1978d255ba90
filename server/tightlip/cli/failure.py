"""What may be said of an error nobody expected: its type and place, never its words, which may be a document's."""

from __future__ import annotations


def type_and_place(error: BaseException) -> str:
    """`ValueError in tightlip.detect.confirm, line 88`: the innermost place of ours."""
    place = ""
    frame = error.__traceback__
    while frame is not None:
        name: object = frame.tb_frame.f_globals.get("__name__")
        if isinstance(name, str) and name.startswith("tightlip"):
            place = f" in {name}, line {frame.tb_lineno}"
        frame = frame.tb_next
    return type(error).__name__ + place
