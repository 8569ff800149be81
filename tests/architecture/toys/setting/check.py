"""The setting is read with its default, and refused when it is wrong."""

import pytest

from infra.settings import SettingsError, load


def test_it_has_a_default_and_can_be_set():
    assert [load({}).toy_limit, load({"SMARTDHANDHA_TOY_LIMIT": "5"}).toy_limit] == [3, 5]


def test_a_wrong_value_is_refused():
    with pytest.raises(SettingsError, match="SMARTDHANDHA_TOY_LIMIT"):
        load({"SMARTDHANDHA_TOY_LIMIT": "many"})
