"""The portal's translations, compiled from .po to .mo when they changed. Standard library only."""

from pathlib import Path

from dev.stages import must, stage


def compile_changed(root: Path) -> None:
    """Compile every catalogue under portal/translations/ that is newer than its compiled form.

    Raises SystemExit with Babel's own words when a catalogue is broken.
    """
    folder = root / "portal" / "translations"
    sources = list(folder.glob("*/LC_MESSAGES/*.po"))
    if all(_is_current(source) for source in sources):
        return
    with stage("Compiling the translations"):
        pybabel = [root / ".venv" / "bin" / "python", "-m", "babel.messages.frontend"]
        must([*pybabel, "compile", "--directory", folder], cwd=root)


def _is_current(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
