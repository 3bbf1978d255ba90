"""A setting counts when it is right, and says in a sentence when it is wrong."""

import pytest

from tightlip.editor.settings import Settings, read_settings


def test_settings_are_read_in_either_spelling_and_the_rest_stays():
    settings, problems = read_settings(
        {"maxProblems": 5, "deep_idle": 10, "debounce": 12.0, "path": "x"}, Settings(deep=False)
    )
    assert settings == Settings(max_problems=5, deep_idle=10, debounce=12, deep=False)
    assert problems == ()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"deep": "yes"}, 'setting "tightlip.deep" must be true or false'),
        ({"maxProblems": 0}, 'setting "tightlip.maxProblems" must be a number from 1 to 100000'),
        ({"debounce": True}, 'setting "tightlip.debounce" must be a number from 0 to 5000'),
        ({"debounce": [1]}, 'setting "tightlip.debounce" must be a number from 0 to 5000'),
    ],
)
def test_a_wrong_setting_is_told_and_leaves_the_old_one(values, sentence):
    assert read_settings(values, Settings()) == (Settings(), (sentence,))


@pytest.mark.parametrize("values", [None, [], "deep", 7, {}, {"deep": None}])
def test_what_are_no_settings_changes_nothing(values):
    assert read_settings(values, Settings()) == (Settings(), ())
