"""Which language a mail is written in: script first, then the phrases it uses, then py3langid."""

from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.sorting.reading import CJK_RUN, HANGUL, KANA

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KNOWN = (
    "en", "ja", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ko", "zh", "no", "fi", "hu", "ro", "el", "hr", "bg", "ru",
    "tr", "sk", "sl", "uk", "et", "lv", "lt", "ar", "he", "th", "vi", "id",
)  # fmt: skip
_LONG_ENOUGH = 200
_SHORT = 40
_JAPANESE_WITHOUT_KANA = 12
"""Two words may be Japanese though no kana stands in them; a sentence is not."""


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(KNOWN))
    return identifier


def spoken(text: str) -> tuple[str, ...]:
    """The languages that the text may be in, likeliest first; of a short text more are possible."""
    sample = text[:1500]
    script = _script(sample)
    if script:
        return ("zh", "ja") if script == "zh" and len(CJK_RUN.findall(sample)) < _JAPANESE_WITHOUT_KANA else (script,)
    letters = sum(c.isalpha() for c in sample)
    if letters < 2:
        return ()
    ranked = [(str(name), float(probability)) for name, probability in _identifier().rank(sample)]
    if letters > _LONG_ENOUGH:
        return tuple(name for name, probability in ranked[:2] if probability > 0.05)
    return tuple(name for name, _ in ranked[: 3 if letters > _SHORT else 6])


def detect(text: str, may_be: tuple[str, ...], phrases: dict[str, int]) -> str:
    """The ISO 639-1 code, or `und` where nothing tells. `phrases` counts the phrases found by language."""
    letters = sum(c.isalpha() for c in text[:1500])
    if not may_be:
        return "und"
    if letters > _LONG_ENOUGH or may_be[0] in ("ja", "zh", "ko"):
        return may_be[0]
    most = max((phrases.get(name, 0) for name in may_be), default=0)
    if most == 0:
        return may_be[0] if letters > _SHORT // 2 else "und"
    weights = {
        name: phrases.get(name, 0) / most - 0.35 * rank for rank, name in enumerate((*may_be, *(["en"] if "en" not in may_be else [])))
    }
    return max(weights, key=lambda name: weights[name])


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
