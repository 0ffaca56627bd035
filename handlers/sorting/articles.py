"""Articles of privacy laws cited in any language, as ideas: `art erasure` stands for Art. 17 GDPR or Cal. Civ. Code 1798.105."""

import re

_GDPR = {
    7: "withdraw_consent", 12: "handling", 13: "information", 14: "information", 15: "access", 16: "rectification", 17: "erasure",
    18: "restriction", 19: "information", 20: "portability", 21: "objection", 22: "automated_decision", 46: "information",
    77: "complaint", 82: "damages",
}  # fmt: skip
_APPI = {32: "access", 33: "access", 34: "rectification", 35: "objection", 28: "information", 40: "complaint"}
_CALIFORNIA = {
    "100": "access", "105": "erasure", "106": "rectification", "110": "access", "115": "information", "120": "opt_out_sale",
    "121": "opt_out_sale", "125": "handling", "130": "access", "135": "opt_out_sale",
}  # fmt: skip
_CUE = (
    r"(?:articles?|articulos?|articoli|articolo|artigos?|artikeln?|artikels|artikkel|artykul\w*|clanek|clanku|clanka|cl|arts?|artt|§+"
    r"|sections?|sec|s|lid|αρθρο\w*|član\w*|cikk\w*|член\w*|ст|статт\w*|pasal|madde|čl|제|条|numero|under|gdpr|dsgvo|rgpd|avg|rodo)"
)
_BETWEEN = r"\d|[a-h]|abs|abs \d|lit|lid \d|ust|par|n|no|nr|satz|st|odst|und|and|et|y|e|en|i|och|og|a|ou|or|bis|f|ff|to|u"
_LIST = re.compile(rf"\b{_CUE} ?((?:\d{{1,2}}(?!\d)(?: (?:{_BETWEEN})\b)* ?){{1,8}})")
_AFTER = re.compile(r"((?:\d{1,2} )*\d{1,2}) ?[条조條]")
_BARE = re.compile(r"\b(1[5-9]|2[0-2]) \d [a-h]\b")
_NUMBER = re.compile(r"\d{1,2}(?!\d)")
_CALIFORNIAN = re.compile(r"1798 ?(\d{3})")
_LAW = re.compile(
    r"gdpr|dsgvo|ds gvo|rgpd|rodo|\bavg\b|2016 679|data protection|datenschutz|privacy|персональн|一般データ|個人情報|個情法|보호|保护法"
    r"|personal|donnees|datos|dati|dados|gegevens|osobn|personuppgift|personoplysning|osobnih|appi"
)
_JAPANESE = re.compile(r"個人情報|個情法|appi|保有個人データ|protection of personal information|法 ?第? ?3[2345]")


def cited(sentences: list[str]) -> list[tuple[int, str]]:
    """The rights (and `complaint`, `damages`, `handling`, `information`) whose articles a mail cites, with the sentence's number."""
    whole = " ".join(sentences)
    if not _LAW.search(whole):
        return [(n, _CALIFORNIA[m]) for n, s in enumerate(sentences) for m in _CALIFORNIAN.findall(s) if m in _CALIFORNIA]
    japanese = bool(_JAPANESE.search(whole))
    result = []
    for number, sentence in enumerate(sentences):
        if not any(c.isdigit() for c in sentence):
            continue
        numbers = [int(n) for group in _LIST.findall(sentence) for n in _main_numbers(group)]
        numbers += [int(n) for group in _AFTER.findall(sentence) for n in group.split()] + [int(n) for n in _BARE.findall(sentence)]
        for n in numbers:
            right = _GDPR.get(n) or (_APPI.get(n) if japanese else None)
            if right:
                result.append((number, right))
        result += [(number, _CALIFORNIA[m]) for m in _CALIFORNIAN.findall(sentence) if m in _CALIFORNIA]
    return result


def _main_numbers(group: str) -> list[str]:
    """The numbers of articles in `15 abs 1 lit a und 17`: a number after a word for paragraph, or a single digit after another, is none."""
    kept, previous = [], ""
    for word in group.split():
        if (
            _NUMBER.fullmatch(word)
            and previous not in ("abs", "lid", "ust", "par", "n", "no", "nr", "satz", "st", "odst")
            and (len(word) == 2 or word == "7")
        ):
            kept.append(word)
        previous = word
    return kept
