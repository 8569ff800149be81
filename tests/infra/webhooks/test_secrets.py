"""Secrets: what is stored is encrypted, keys can be replaced, and signatures are those of the specification."""

import pytest
from cryptography.fernet import Fernet

from domain.reading import InvalidValue
from infra.settings.secret_box import SecretBox, SecretUnreadable
from infra.settings.secret_keys import parse_secret_keys, read_or_create_keys
from infra.webhooks.secrets import new_webhook_secret, signature_header

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_the_signature_is_that_of_the_specification():
    """The example of the Standard Webhooks specification, which every library tests."""
    secret, id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature_header([secret], id, 1614265330, body) == expected
    assert signature_header([secret, secret], id, 1614265330, body) == f"{expected} {expected}"


def test_a_secret_is_stored_encrypted_and_read_with_any_of_the_keys():
    secret = new_webhook_secret()
    encrypted = SecretBox([OLD]).encrypt(secret)
    assert secret.encode() not in encrypted
    assert SecretBox([NEW, OLD]).decrypt(encrypted) == secret
    assert SecretBox([NEW]).decrypt(SecretBox([NEW, OLD]).encrypt(secret)) == secret
    with pytest.raises(SecretUnreadable):
        SecretBox([NEW]).decrypt(encrypted)


def test_the_file_is_created_once_for_its_owner_alone(tmp_path):
    keys = read_or_create_keys(tmp_path / "data")
    path = tmp_path / "data" / "secret.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_create_keys(tmp_path / "data") == keys
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("text", ["short", f"{OLD},short", OLD[:-2]], ids=["short", "one is short", "cut off"])
def test_what_is_no_key_is_refused_and_not_repeated(text):
    with pytest.raises(InvalidValue, match="32 random bytes") as refused:
        parse_secret_keys(text)
    assert OLD[:20] not in str(refused.value)
