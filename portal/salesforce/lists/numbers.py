"""What Excel and LibreOffice make of SIP numbers in cells that are not formatted as text."""

from __future__ import annotations

import re

_KEPT = re.compile("[1-9][0-9]{0,10}")
_MONTH = (
    "(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт"
    "|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|mär|mrz|mai|okt|dez|sty|lut|kwi|maj"
    "|cze|lip|sie|wrz|paź|lis|gru)"
)
_CHANGED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\d+[.,]0+|\d+[.,]\d{2,}|\d{3,}[.,]\d+",  # 2001.0, 20.01, 2001.5; 10.1 stays a line
        r"\d{1,3}([.,])\d{3}(\1\d{3})*",  # 1.234.567
        r"\d+([.,]\d*e[+-]?|e[+-])\d{1,3}",  # 3.80441E+11, 3.8E11; 1e10 stays a line
        r"(?-i:TRUE|FALSE|WAHR|FALSCH|PRAWDA|FAŁSZ|VRAI|FAUX|ИСТИНА|ЛОЖЬ|ІСТИНА|ХИБНІСТЬ)",
        r"\d{1,2}([./])\d{1,2}\1\d{2}",  # 20.01.01
        r"\d{1,2}([./-])\d{1,2}\1\d{4}( .*)?",  # 20.01.2001
        r"\d{4}([./-])\d{1,2}\1\d{1,2}( .*)?",
        rf"\d{{1,2}}[ ./-]{_MONTH}\.?([ ./-]\d{{2,4}})?",  # 1-Feb
        rf"{_MONTH}\.?[ ./-](\d{{2}}){{1,2}}",  # Jan-20
        r"\d{1,2}:\d{2}(:\d{2})?( [ap]m)?",
        r"#[^\W\d_]+([!?]|/\w+[!?]?)",  # #REF!, #N/A
        r"#{3,}",  # a column too narrow
    )
)


def was_changed(line: str) -> bool:
    """Whether this is a decimal, a power, a day, a time, a truth or an error that it became."""
    return any(pattern.fullmatch(line) for pattern in _CHANGED)


def is_kept(line: str) -> bool:
    """Whether they give it back as it was: neither with a zero in front, nor so long that it is
    shown as a power (Excel, from twelve digits on), nor anything but digits."""
    return _KEPT.fullmatch(line) is not None
