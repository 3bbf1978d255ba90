"""The client's settings for the server (`initializationOptions.settings`, configuration section `tightlip`).

They say how the editor shows findings. What is a finding and what may leave is policy, which a settings file must not weaken.
"""

from __future__ import annotations

from attrs import evolve, fields_dict, frozen

from tightlip.editor.plain import as_object


@frozen
class Settings:
    """How the server behaves in this editor."""

    debounce: int = 50
    """Milliseconds without a keystroke before a text is checked."""
    max_delay: int = 500
    """Milliseconds after which a text is checked though typing goes on."""
    max_problems: int = 1000
    """Diagnostics shown per document; more are counted in one notice."""
    deep: bool = True
    """Whether the deep lane (presidio-analyzer, detect-secrets) runs in its worker process."""
    deep_idle: int = 600
    """Milliseconds without a keystroke before the deep lane reads a text."""
    code_lens: bool = True
    """Whether the count of findings stands above the first line."""
    summarise: bool = True
    """Whether rows of personal data are one diagnostic for the file; false marks every value of them."""
    untitled: bool = True
    """Whether buffers without a file are checked."""


_LIMITS = {"debounce": (0, 5000), "max_delay": (0, 10000), "max_problems": (1, 100_000), "deep_idle": (0, 60_000)}


def read_settings(values: object, base: Settings) -> tuple[Settings, tuple[str, ...]]:
    """`base` with the settings of `values` (`maxProblems` or `max_problems`), and a sentence for each that is wrong.

    A wrong setting leaves `base` as it is; keys of the client itself are passed over.
    """
    changes: dict[str, int | bool] = {}
    problems: list[str] = []
    for key, value in (as_object(values) or {}).items():
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in key)
        attribute = fields_dict(Settings).get(name)
        if attribute is None or value is None:
            continue
        if isinstance(attribute.default, bool):
            if isinstance(value, bool):
                changes[name] = value
            else:
                problems.append(f'setting "tightlip.{key}" must be true or false')
            continue
        low, high = _LIMITS[name]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
            changes[name] = int(value)
        else:
            problems.append(f'setting "tightlip.{key}" must be a number from {low} to {high}')
    return evolve(base, **changes), tuple(problems)
