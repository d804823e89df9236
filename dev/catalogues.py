"""Translations, compiled from .po to .mo when they changed. Standard library only."""

from pathlib import Path

from dev.stages import must, stage

CATALOGUES = {"messages": "portal/translations", "reasons": "core/translations"}
"""The folder of each domain: texts of the pages, and what is said of calls."""


def compile_changed(root: Path) -> None:
    """Compile the catalogues of a domain when one of them is newer than its compiled form.

    Raises SystemExit with Babel's own words when a catalogue is broken.
    """
    for domain, folder in CATALOGUES.items():
        sources = (root / folder).glob(f"*/LC_MESSAGES/{domain}.po")
        if all(_is_current(source) for source in sources):
            continue
        with stage(f"Compiling the translations of the {domain}"):
            pybabel = [root / ".venv" / "bin" / "python", "-m", "babel.messages.frontend"]
            must([*pybabel, "compile", "--domain", domain, "--directory", folder], cwd=root)


def _is_current(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
