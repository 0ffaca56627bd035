"""The golden set is another voice than the training examples."""

from collections import Counter

from handlers.sorting import examples
from handlers.sorting.reading import normal

_SHINGLE, _ALIKE = 5, 0.6


def shingles(text: str) -> frozenset[str]:
    """All runs of five characters of the normalised text."""
    plain = normal(text)
    return frozenset(plain[n : n + _SHINGLE] for n in range(max(1, len(plain) - _SHINGLE + 1)))


def test_no_golden_mail_is_nearly_a_training_mail() -> None:
    """Jaccard likeness of character shingles; short mails (`unsubscribe`) are alike everywhere and do not count."""
    training = [(e.id, shingles(f"{e.subject} {e.text}")) for e in examples.load(examples.TRAINING) if len(e.text) > 30]
    by_shingle: dict[str, list[int]] = {}
    for number, (_, held) in enumerate(training):
        for shingle in held:
            by_shingle.setdefault(shingle, []).append(number)
    near = []
    for golden in examples.load(examples.GOLDEN):
        if len(golden.text) <= 30:
            continue
        mine = shingles(f"{golden.subject} {golden.text}")
        shared = Counter(n for shingle in mine for n in by_shingle.get(shingle, ()))
        near += [(golden.id, training[n][0]) for n, count in shared.items() if count / (len(mine) + len(training[n][1]) - count) >= _ALIKE]
    assert near == []


def test_each_main_language_has_enough_golden_requests() -> None:
    """At least 60 rights requests in each."""
    counted = Counter(e.language for e in examples.load(examples.GOLDEN) if e.category == "rights_request")
    assert all(counted[language] >= 60 for language in ("en", "ja", "de", "fr", "es", "it", "nl", "pt"))
