"""What names a person is sealed, can be found again by hash, and is gone when its key is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import KeyFault, Vault, seal, unseal

ONE, TWO = b"1" * 32, b"2" * 32


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_again_and_never_lies_in_clear(plain: bytes) -> None:
    vault = Vault({1: ONE})
    key = vault.unwrap(vault.new_key())
    sealed = seal(key, plain)
    assert unseal(key, sealed) == plain
    assert len(plain) < 4 or plain not in sealed


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    vault = Vault({1: ONE})
    key, other = vault.unwrap(vault.new_key()), vault.unwrap(vault.new_key())
    sealed = seal(key, b"Nora")
    with pytest.raises(KeyFault):
        unseal(other, sealed)
    with pytest.raises(KeyFault):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_new_master_key_opens_old_rows_and_keeps_the_look_up_hashes() -> None:
    old = Vault({1: ONE})
    wrapped, found = old.new_key(), old.look_up("address", "nora@example.org")
    both = Vault({1: ONE, 2: TWO})
    assert both.unwrap(wrapped) == old.unwrap(wrapped)
    assert both.look_up("address", "nora@example.org") == found
    assert both.unwrap(both.rewrap(wrapped)) == old.unwrap(wrapped)
    with pytest.raises(KeyFault, match="number 2"):
        old.unwrap(both.rewrap(wrapped))


def test_the_wrong_master_key_is_said_to_be_wrong() -> None:
    with pytest.raises(KeyFault):
        Vault({1: TWO}).unwrap(Vault({1: ONE}).new_key())


@pytest.mark.parametrize("text", ["", "1:abc", "one:AAAA", "1:" + "QUJD", "QUJD"])
def test_a_malformed_master_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(KeyFault) as fault:
        Vault.parse(text)
    assert not text or text not in str(fault.value)


def test_a_made_master_key_is_one_that_is_read() -> None:
    assert Vault.parse(Vault.new_master()).mark("a") != Vault.parse(Vault.new_master()).mark("a")


def test_hashes_of_different_purposes_never_meet() -> None:
    vault = Vault({1: ONE})
    assert vault.look_up("address", "x") != vault.look_up("message-id", "x")
