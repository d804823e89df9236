"""`make messages`: bring the translation catalogues up to date with the texts in the pages."""

import tempfile
from pathlib import Path

from core import ROOT
from dev.catalogues import compile_changed
from dev.stages import must

CATALOGUES = ROOT / "portal" / "translations"
LANGUAGES = ("ru", "uk", "en")
MARKS = ("lazy_gettext", "_l")  # besides gettext, ngettext and _, which Babel knows


def main() -> None:
    """Extract all texts, add the new ones to each language, drop the unused, compile.

    Raises SystemExit with Babel's own words when a catalogue is broken.
    """
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        keywords = [word for mark in MARKS for word in ("--keyword", mark)]
        options = ["--mapping-file", "dev/babel.cfg", "--no-location", "--sort-output"]
        pybabel("extract", *options, *keywords, "--output-file", template, ".")
        for language in LANGUAGES:
            known = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
            choice = ["--ignore-obsolete", "--no-fuzzy-matching"] if known.exists() else []
            command = "update" if known.exists() else "init"
            where = ["--input-file", template, "--output-dir", CATALOGUES, "--locale", language]
            pybabel(command, *where, *choice)
    compile_changed(ROOT)


def pybabel(*arguments: object) -> None:
    """Run Babel's command with the project's own Python."""
    must([ROOT / ".venv" / "bin" / "python", "-m", "babel.messages.frontend", *arguments], cwd=ROOT)


if __name__ == "__main__":
    main()
