"""Which column of a list has the line and which the employee, by its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.same_text import folded

_NUMBER = re.compile(
    r"no|nr|numbers?|номер\w*|numery?|(ruf)?nummern?|(tele)?phones?|tel|телефон\w*|тел|telefon\w*"
)
"""Of a line where no other column is one: a list may count its rows, too."""
_LINE = re.compile(
    r"sip|lines?|internal|ext|extensions?|лини\w*|внутр\w*|добав\w*|доб|коротк\w*|ліні\w*|додатков\w*|дод"
    r"|nebenstelle\w*|durchwahl\w*|wewnętrzn\w*"
)
_PERSON = re.compile(
    r"names?|surname|employees?|users?|e?mails?|e|salesforce|ids?|agents?|operators?|managers?|staff"
    r"|persons?|workers?|logins?|имя|имен\w*|фио|фамили\w*|сотрудник\w*|пользовател\w*|почт\w*"
    r"|работник\w*|оператор\w*|менеджер\w*|агент\w*|імя|імен\w*|піб|прізвищ\w*|співробітник\w*"
    r"|користувач\w*|пошт\w*|працівник\w*"
    r"|mitarbeiter\w*|benutzer\w*|(vor|nach)name|pracowni\w*|użytkowni\w*|imię|nazwisko"
)


@dataclass(frozen=True)
class Columns:
    line: int = 0
    left_out: frozenset[int] = frozenset()
    """Columns of something else."""

    def arranged(self, cells: Sequence[str]) -> list[str]:
        """The line, then whatever may name the employee."""
        line = cells[self.line] if self.line < len(cells) else ""
        skipped = {self.line, *self.left_out}
        return [line, *(cell for at, cell in enumerate(cells) if at not in skipped)]


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns under a row of headings; None when the row is none."""
    words = [_words(cell) for cell in cells]
    if any(map(str.isdigit, "".join(cells))):
        return None
    named = [at for at, one in enumerate(words) if _all(one, _LINE, _NUMBER, _PERSON)]
    lines = [at for at in named if _some(words[at], _LINE)]
    line = next(iter(lines or [at for at in named if _some(words[at], _NUMBER)]), None)
    if line is None:
        return None
    people = {at for at, one in enumerate(words) if at != line and _some(one, _PERSON)}
    others = {at for at, one in enumerate(words) if one} - people if people else frozenset[int]()
    return Columns(line, frozenset(others - {line}))


def may_be_headings(cells: Sequence[str]) -> bool:
    """Of more than one column, and none holds a digit: words that nobody foresaw."""
    return len(list(filter(None, cells))) > 1 and not any(map(str.isdigit, "".join(cells)))


def _words(cell: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", folded(cell).replace("'", ""))


def _all(words: Sequence[str], *kinds: re.Pattern[str]) -> bool:
    return bool(words) and all(_some([word], *kinds) for word in words)


def _some(words: Sequence[str], *kinds: re.Pattern[str]) -> bool:
    return any(kind.fullmatch(word) for word in words for kind in kinds)
