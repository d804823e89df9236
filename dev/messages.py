"""`make messages`: bring the translation catalogues up to date with the texts in the code."""

import tempfile
from pathlib import Path

from core import ROOT
from core.languages import TRANSLATED
from dev.catalogues import CATALOGUES, compile_changed
from dev.stages import must

SOURCES = {"messages": ("portal", "templates"), "reasons": ("core",)}
"""By domain, the folders with its texts."""
MARKS = ("_l", "reason:1,1t", "reason:1,2")  # besides gettext, ngettext, _ and N_: Babel knows them
"""A reason has one text, or one and its plural."""


def main() -> None:
    """Extract all texts, add the new ones to each language, drop the unused, compile.

    Raises SystemExit with Babel's own words when a catalogue is broken.
    """
    with tempfile.TemporaryDirectory() as folder:
        for domain, sources in SOURCES.items():
            template = Path(folder) / f"{domain}.pot"
            keywords = [word for mark in MARKS for word in ("--keyword", mark)]
            options = ["--mapping-file", "dev/babel.cfg", "--no-location", "--sort-output"]
            pybabel("extract", *options, *keywords, "--output-file", template, *sources)
            for language in TRANSLATED:
                _bring_in(domain, template, language)
    compile_changed(ROOT)


def _bring_in(domain: str, template: Path, language: str) -> None:
    known = ROOT / CATALOGUES[domain] / language / "LC_MESSAGES" / f"{domain}.po"
    choice = ["--ignore-obsolete", "--no-fuzzy-matching"] if known.exists() else []
    command = "update" if known.exists() else "init"
    where = ["--domain", domain, "--output-dir", CATALOGUES[domain], "--locale", language]
    pybabel(command, "--input-file", template, *where, *choice)


def pybabel(*arguments: object) -> None:
    """Run Babel's command with the project's own Python."""
    must([ROOT / ".venv" / "bin" / "python", "-m", "babel.messages.frontend", *arguments], cwd=ROOT)


if __name__ == "__main__":
    main()
