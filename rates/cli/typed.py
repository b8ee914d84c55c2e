"""What people type: amounts with separators, pairs, and words between currencies.

    100 USD EUR, 100USD EUR, 100 USD to EUR, 1,000.50 eur/usd, EURUSD, USD in EUR

A text that has two meanings is refused with both of them: 1,000 is a thousand for some and one for others, and so is
1.000.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rates.currencies import code
from rates.currencies.market_codes import SIGNS
from rates.errors import UsageError, quoted

BETWEEN = frozenset(("to", "in", "into", "as", "->", "=>", "→", "="))
_NUMBER = r"[+-]?(?=[.,]?\d)[\d.,_'’]+(?:[eE][+-]?\d+)?"
_AMOUNT = re.compile(rf"({_NUMBER})([A-Za-z]{{3}}\S*)?", re.ASCII)
_SIGNED = re.compile(rf"([€£₹₽₩₺₴])\s?({_NUMBER})", re.ASCII)
_GROUP = re.compile(r"\d{3}(?:[.,]\d+)?(?:[A-Za-z]\S*)?", re.ASCII)
HOW = "write it like 100 or 99.95"


def begins_amount(word: str) -> bool:
    """True for a word that begins like an amount: 100, -5, 100USD, .5, €20."""
    first = word.split(maxsplit=1)[0] if word.strip() else ""
    return bool(_AMOUNT.fullmatch(first) or _SIGNED.fullmatch(first))


def amount(text: str, decimal: str = "") -> Decimal:
    """The amount as typed; `UsageError` for no amount, and for one with two meanings.

    decimal: the mark before the decimals, "." or ","; if it is given, nothing has two meanings.
    """
    from rates.readers import number

    plain = re.sub(r"(?<=\d)_(?=\d)", "", text.strip(), flags=re.ASCII)
    try:
        found = number(_without_separators(plain, decimal))
    except ValueError:
        raise UsageError(f"not an amount: {quoted(text)}", hint=HOW) from None
    return found if found else abs(found)  # -0 is shown as 0


def _without_separators(text: str, decimal: str = "") -> str:
    """A number with separators as one with a decimal point; other text unchanged, or "" if it has the wrong marks."""
    parts = re.fullmatch(r"([+-]?)([\d.,'’\s]+?)((?:[eE][+-]?\d+)?)", text, re.ASCII)
    if not parts:
        return text
    sign, digits, exponent = parts.groups()
    marks = re.findall(r"[.,]", digits)
    if decimal:
        point = decimal if decimal in marks else ""
    else:
        point = marks[-1] if len(marks) == 1 or len(set(marks)) == 2 else ""  # several of one kind are between groups
    whole, _, rest = digits.rpartition(point) if point else (digits, "", "")
    # A point with an exponent is a program's.
    unclear = r"[1-9]\d{0,2}[.,]\d{3}" if not exponent else r"[1-9]\d{0,2},\d{3}"
    if not decimal and re.fullmatch(unclear, digits, re.ASCII):
        raise UsageError(
            f"{quoted(text)} is not clear: it may be {sign}{whole}{rest} or {sign}{whole}.{rest}",
            hint=f"write {sign}{whole}{rest} or {sign}{whole}.{rest}0",
        )
    grouped = re.fullmatch(r"\d{1,3}(?:([.,'’\s])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}", whole, re.ASCII)
    if not (grouped or re.fullmatch(r"\d*", whole, re.ASCII)) or (grouped and grouped[1] == point):
        return "" if decimal else text
    return f"{sign}{re.sub(r'[^0-9]', '', whole) or 0}{'.' + rest if point else ''}{exponent}"


def conversion_words(words: Sequence[str]) -> tuple[Decimal, str, tuple[str, ...]]:
    """The amount, the currency that it is of, and those to convert it into."""
    rest = [part for word in words for part in word.split()]
    if not rest:
        raise UsageError("missing argument 'AMOUNT'", hint="write it like: rates convert 100 USD EUR")
    if signed := _SIGNED.fullmatch(rest[0]):
        rest[:1] = [signed[2], SIGNS[signed[1]][0]]
    first = rest.pop(0)
    if re.fullmatch(r"[+-]?\d{1,3}", first, re.ASCII):
        while rest and _GROUP.fullmatch(rest[0]):  # 1 000 000 USD
            first += " " + rest.pop(0)
            if not first[-3:].isdigit():
                break
    attached = _AMOUNT.fullmatch(first.replace(" ", "'"))
    if attached and attached[2]:
        first, rest = attached[1], [attached[2], *rest]
    if first[-1:].isdigit() and rest and rest[0][:1].isdigit():  # 10 00
        first += f" {rest[0]}"
    total = amount(first)
    currencies = [word for word in rest if word.lower() not in BETWEEN]
    if currencies and (pair := split_pair(currencies[0])):
        currencies[:1] = pair
    if not currencies:
        raise UsageError("missing argument 'FROM', the currency of the amount", hint=f"like: {first} USD EUR")
    start = code(currencies[0])
    if len(currencies) < 2:
        raise UsageError(
            "missing argument 'TO…', the currency to convert into", hint=f"like: {first} {start} {_other(start)}"
        )
    return total, start, codes_in(currencies[1:])


def _other(symbol: str) -> str:
    return "EUR" if symbol != "EUR" else "USD"


def split_pair(word: str) -> tuple[str, str] | None:
    """The two sides of EUR/USD, EUR-USD or EURUSD; None for another word. The second may be a list: EUR/USD,JPY."""
    if found := re.fullmatch(r"(?!\d)([^/:-]+)[/:-]([^/:-]+)", word):
        return found[1], found[2]
    if re.fullmatch(r"[A-Za-z]{6}", word, re.ASCII):
        try:
            return code(word[:3]), code(word[3:])
        except UsageError:
            return None
    return None


def codes_in(given: Sequence[str]) -> tuple[str, ...]:
    """The currency codes in the arguments, separated by commas or not, each once."""
    parts = (part for word in given for part in word.rstrip(",").split(","))
    return tuple(dict.fromkeys(code(part) for part in parts))


def table_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words for bases, and those for symbols: of pairs, and of currencies after a word like `in`."""
    bases: list[str] = []
    symbols: list[str] = []
    side = bases
    for word in words:
        if word.lower() in BETWEEN and bases:
            side = symbols
        elif side is bases and (pair := split_pair(word)):
            bases.append(pair[0])
            symbols.append(pair[1])
        else:
            side.append(word)
    return bases, symbols
