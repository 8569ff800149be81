"""The secret of an API key: its format, and the checksum that reveals a typing error."""

import hashlib
import re
import secrets
import zlib

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.key_secret import (
    PREFIXES,
    checksum,
    contains_secret,
    hash_secret,
    is_well_formed,
    mask_secrets,
    new_secret,
)

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEYS = st.builds(
    lambda prefix, body: f"{prefix}{body}{checksum(prefix + body)}",
    st.sampled_from(PREFIXES),
    st.text(BASE62, min_size=30, max_size=30),
)


def test_a_secret_is_a_prefix_30_random_characters_and_6_of_checksum():
    assert re.fullmatch("sd_live_[0-9A-Za-z]{36}", new_secret(secrets.choice))


def test_secrets_do_not_repeat():
    assert len({new_secret(secrets.choice) for _ in range(1000)}) == 1000


def test_the_checksum_is_the_crc_32_of_what_comes_before_it_in_base62():
    raw = new_secret(secrets.choice)
    number = 0
    for digit in raw[-6:]:
        number = number * 62 + BASE62.index(digit)
    assert number == zlib.crc32(raw[:-6].encode())


def test_a_checksum_has_six_digits_however_small_it_is():
    assert checksum("") == "000000"


@given(KEYS)
def test_every_new_secret_is_well_formed(raw):
    assert is_well_formed(raw)


@given(KEYS, st.integers(8, 43), st.sampled_from(BASE62))
def test_one_mistyped_character_is_refused(raw, place, character):
    mistyped = raw[:place] + character + raw[place + 1 :]
    assert is_well_formed(mistyped) == (mistyped == raw)


@given(KEYS, st.integers(0, 43))
def test_a_truncated_secret_is_refused(raw, length):
    assert not is_well_formed(raw[:length])


@given(KEYS, st.integers(8, 42))
def test_two_swapped_characters_are_refused(raw, place):
    swapped = raw[:place] + raw[place + 1] + raw[place] + raw[place + 2 :]
    assert is_well_formed(swapped) == (swapped == raw)


@given(KEYS, st.sampled_from(["\n", " ", "٣", "é", "0"]))
def test_a_secret_with_extra_characters_is_refused(raw, more):
    assert not is_well_formed(raw + more)


@given(st.text())
def test_any_text_is_checked_without_an_error(text):
    assert is_well_formed(text) in (True, False)


def test_the_hash_is_sha_256():
    assert hash_secret("sd_live_x") == hashlib.sha256(b"sd_live_x").digest()


@given(KEYS)
def test_a_secret_with_the_prefix_of_the_other_mode_is_refused(raw):
    (other,) = set(PREFIXES) - {raw[:8]}
    assert not is_well_formed(other + raw[8:])


@given(KEYS, st.text(" ,/?=", max_size=3))
def test_a_secret_of_either_mode_is_found_and_masked_in_a_text(raw, around):
    assert contains_secret(around + raw + around)
    assert mask_secrets(around + raw + around) == f"{around}{raw[:8]}…{around}"
