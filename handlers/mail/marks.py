"""What marks the words of others in a mail, compiled from `marks.toml` (one table a language), and the marks that know no language."""

import re
import tomllib
from importlib.resources import files

_ROLES = ("from", "sent", "to", "cc", "subject", "reply")
_TABLE: dict[str, dict[str, list[str]]] = tomllib.loads(files("handlers.mail").joinpath("marks.toml").read_text(encoding="utf-8"))


def _any(key: str) -> str:
    """Every language's expressions under the key as one alternation."""
    return "(?:" + "|".join(expression for language in _TABLE.values() for expression in language.get(key, ())) + ")"


def _search(key: str) -> re.Pattern[str]:
    return re.compile(_any(key), re.IGNORECASE)


def _line(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


LABELS: dict[str, str] = {label: role for language in _TABLE.values() for role in _ROLES for label in language.get(role, ())}
LABEL_LINE = re.compile(r"^[>|\s*_]{0,8}([^\W\d_][^:：\n<>@]{0,24}?)[\s*_\xa0]{0,4}[:：][\s*_\xa0]{0,4}(.*)$")

WROTE = _search("wrote")
FIRST_PERSON = _search("first_person")
INLINE_ANSWERS = _search("inline")
CONFIDENTIAL = _search("confidential")
NOT_FOR_YOU = _search("addressee")
THIS_MAIL = _search("this_mail")
MYSELF = _search("myself")
WISH = _search("wish")
FOOTER = _line(r"^\W{0,4}" + _any("footer"))
SIGN_OFF = _line(r"^\s*" + _any("sign_off") + r"[\s,.!、。，]*$")
SENT_FROM = _line(r"^\s*" + _any("sent_from") + r"\s*$")
_RULE = r"[-_–—=─━]{2,}"
ORIGINAL = _line(rf"^[>\s*]{{0,6}}{_RULE}\s*{_any('original')}\s*{_RULE}\s*$")
# A line of its own; "Forwarded by Jane on 3 May" only between rules, as it may open a sentence as well.
FORWARDED = _line(rf"^[>\s*]{{0,6}}(?:{_RULE}\s*)?{_any('forwarded')}\s*[:：]?\s*(?:{_RULE})?\s*$")
FORWARD_SUBJECT = _line(
    r"^\s*(?:(?:re|aw|sv|ref|r|rif|odp|antw)\s*:\s*)?(?:fwd?|wg|tr|rv|i|doorst|enc|vb|vl|pd|転送|转发|轉寄|전달)\s*[:：]"
)

# Gmail in Japanese and Russian and Apple Mail in Chinese use no verb at all: a year, a time, a name, an address in brackets, a colon.
DATED_SENDER = re.compile(
    r"(?=.{0,300}(?<!\d)(?:19|20)\d\d(?!\d))(?=.{0,300}\d{1,2}[:.時시]\s?\d{2}).{0,350}[<＜(][^<>()\s]+@[^<>()\s]+[>＞)][^<>@]{0,12}[:：]\s*$"
)
INTRO_START = re.compile(
    r"^\W{0,3}(?:(?:On|Am|Le|El|Il|Op|Em|Den|Dnia|Dňa|Dne|W dniu|No dia|Pe|Vào|Στις)\b.*\d"
    r"|\d{1,4}\s?[./年년-]\s?\d|\w{2,5}\.?,? \d{1,2}[. ])"
)
DATE_OR_ADDRESS = re.compile(r"\d{1,2}[:.h時시点點]\s?\d{2}|\b(?:19|20)\d\d\b|[^\s<>@]{1,64}@[^\s<>@]{1,250}\.\w")

ADDRESS_OR_TIME = re.compile(r"\d{1,2}[:.h時시点點]\s?\d{2}(?!\d)|[^\s<>@]{1,64}@[^\s<>@]{1,250}\.\w")

POSTSCRIPT = _line(r"^\s*(?:p\.?\s?s\.?|追伸|n\.b\.)[\s:.：]")
DECORATION = re.compile(r"^[\s\-=_*#~+・･…─━═＝－ー―＿☆★◇◆□■○●◎△▲▽▼♪♫♦♡♥┏┓┗┛┃┌┐└┘│╋╂／＼/\\|<>＜＞:.。,`'^‥]{5,}$")
CONTACT = _line(
    r"\b(?:tel|phone|mobile|mobil|cell|fax|telefon|téléphone|teléfono|telefono|e-?mail|mail|url|web|www|http|vat|ust-?id|amtsgericht|hrb|siret|kvk)\b"
    r"|[\w.+-]{1,64}@[\w-]{1,100}\.\w|\+\d{1,3}[\s(.-]?\d|〒|電話|携帯|株式会社|有限会社|合同会社|法人|代表|住所|郵便"
    r"|[都道府県].{1,20}[市区町村]|전화|팩스|电话|地址|\bGmbH\b|\bLtd\b|\bInc\b|\bS\.A\.R\.L\b|\bB\.V\."
)
