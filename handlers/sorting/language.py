"""Which language a mail is written in: script first, then the phrases it uses, then py3langid."""

from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.sorting.reading import CJK_RUN, HANGUL, KANA

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KNOWN = (
    "en", "ja", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ko", "zh", "no", "fi", "hu", "ro", "el", "hr", "bg", "ru", "tr",
    "sk", "sl", "uk", "et", "lv", "lt", "ar", "he", "th", "vi", "id",
)  # fmt: skip
_LONG_ENOUGH = 200


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(KNOWN))
    return identifier


def detect(text: str, phrases: dict[str, int]) -> str:
    """The ISO 639-1 code, or `und` where nothing tells. `phrases` counts the phrases found by language."""
    sample = text[:1500]
    script = _script(sample)
    if script:
        return script
    letters = sum(c.isalpha() for c in sample)
    if letters < 2:
        return "und"
    ranked = _identifier().rank(sample)[:4]
    best, sure = str(ranked[0][0]), ranked[0][1]
    weights: dict[str, float] = {
        str(language): float(probability) * (4.0 if letters > _LONG_ENOUGH else 2.0) for language, probability in ranked
    }
    for language, count in phrases.items():
        weights[language] = weights.get(language, 0.0) + min(count, 8) * (0.3 if letters > _LONG_ENOUGH else 0.6)
    if float(sure) < 0.5 and not phrases and letters < 12:
        return "und"
    return max(weights, key=lambda language: (weights[language], language == best))


def _script(sample: str) -> str | None:
    if sample.isascii():
        return None
    kana = len(KANA.findall(sample))
    hangul = len(HANGUL.findall(sample))
    han = len(CJK_RUN.findall(sample)) - kana - hangul
    letters = sum(c.isalpha() for c in sample) or 1
    if kana + hangul + han < letters * 0.15:
        return None
    if hangul > kana:
        return "ko"
    return "ja" if kana > max(2, han * 0.04) else "zh"
