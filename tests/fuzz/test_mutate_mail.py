"""The mutation fuzzer over mail parsing: a small sample here, 200,000 mails under `make fuzz`."""

import os

import pytest

from tests.fuzz.mutate_mail import campaign, mutated, run, seeds

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"


@pytest.mark.fuzz
def test_a_mutated_mail_never_raises_and_is_never_slow() -> None:
    """No mutated mail raises, takes over a second of processor time, or loses its words."""
    findings = list(campaign(0, 200_000, jobs=2) if LONG else run(0, 1_500))
    assert findings == []


def test_a_number_always_gives_the_same_mail() -> None:
    """A finding can be looked at again."""
    samples = sorted(seeds().items())
    assert mutated(samples, 42) == mutated(samples, 42)
