"""Set-up brings what is missing, and nothing the second time."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from core import ROOT
from dev import catalogues, clients, frontend, packages, setup


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for npm that notes its calls and lays out two packages."""
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(
        """#!/bin/sh
        [ "$1" = --version ] && { echo 11.0.0; exit; }
        echo "$@" >> calls; mkdir -p node_modules/htmx; echo new > node_modules/htmx/a.js
        echo ".btn{top:0}.badge{top:0}" > node_modules/bootstrap.min.css
        """
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (tmp_path / "package.json").write_text(
        json.dumps({"vendor": ["htmx/a.js", "bootstrap.min.css"]})
    )
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


@pytest.fixture
def python_packages(tmp_path: Path) -> Path:
    """A stand-in for the virtual environment; the file that notes each installation."""
    pip = tmp_path / ".venv/bin/pip"
    pip.parent.mkdir(parents=True)
    pip.touch()
    python = pip.with_name("python")
    python.write_text("#!/bin/sh\necho once >> installs\n")
    python.chmod(0o755)
    (tmp_path / "requirements.txt").write_text("flask==1\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==1\n")
    return tmp_path / "installs"


def test_front_end_files_are_fetched_once(npm: Path) -> None:
    frontend.fetch(npm)
    frontend.fetch(npm)
    assert (npm / "static/vendor/a.js").read_text() == "new\n"
    assert (npm / "calls").read_text().count("ci --ignore-scripts") == 1


def test_front_end_files_are_fetched_again_when_the_lock_file_changed(npm: Path) -> None:
    frontend.fetch(npm)
    (npm / "package-lock.json").write_text('{"changed": true}')
    frontend.fetch(npm)
    assert (npm / "calls").read_text().count("ci ") == 2


def test_a_front_end_file_that_was_deleted_comes_back(npm: Path) -> None:
    frontend.fetch(npm)
    (npm / "static/vendor/a.js").unlink()
    frontend.fetch(npm)
    assert (npm / "static/vendor/a.js").exists()


def test_bootstrap_is_cut_again_only_when_a_page_changed(npm: Path) -> None:
    page, made = npm / "templates" / "page.html", npm / frontend.CUT
    page.parent.mkdir()
    page.write_text('<p class="btn">')
    frontend.fetch(npm)
    for ours in (".venv", "core", "dev"):
        (npm / ours).symlink_to(ROOT / ours)
    frontend.cut(npm)
    first = made.stat().st_mtime_ns
    assert made.read_text() == ".btn{top:0}"
    frontend.cut(npm)
    assert made.stat().st_mtime_ns == first
    page.write_text('<p class="badge">')
    frontend.cut(npm)
    assert made.read_text() == ".badge{top:0}"


def test_the_clients_that_tests_run_are_fetched_once_and_by_no_set_up(
    npm: Path, python_packages: Path
) -> None:
    folder = npm / "dev" / "node"
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}")
    setup.set_up(npm, "requirements-dev.txt")
    assert not (folder / "calls").exists()
    clients.fetch(npm)
    clients.fetch(npm)
    assert (folder / "calls").read_text().count("ci --ignore-scripts") == 1


@pytest.mark.parametrize("folder", [ROOT, ROOT / "dev" / "node"])
def test_every_npm_package_is_exact_and_has_its_hash(folder: Path) -> None:
    manifest = json.loads((folder / "package.json").read_text())
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", wanted) for wanted in manifest["dependencies"].values()
    )
    for name, package in lock.items():
        if name and not package.get("inBundle"):  # those are in their parent's archive
            assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_packages_are_installed_again_only_when_an_included_file_changed(
    tmp_path: Path, python_packages: Path
) -> None:
    for name in ("requirements-dev.txt", "requirements-dev.txt", "requirements.txt"):
        packages.install(tmp_path, tmp_path / name)
    assert python_packages.read_text() == "once\n"
    (tmp_path / "requirements.txt").write_text("flask==2\n")
    packages.install(tmp_path, tmp_path / "requirements-dev.txt")
    assert python_packages.read_text() == "once\nonce\n"


def test_a_failure_shows_what_the_tool_said(npm: Path) -> None:
    (npm / "bin/npm").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 11.0.0 || { echo EINTEGRITY; exit 1; }"
    )
    with pytest.raises(SystemExit, match="EINTEGRITY"):
        frontend.fetch(npm)
    assert not (npm / "static/vendor/a.js").exists()


@pytest.mark.parametrize(
    "name",
    [
        "portal/translations/uk/LC_MESSAGES/messages.po",
        "core/translations/uk/LC_MESSAGES/reasons.po",
    ],
)
def test_a_changed_translation_is_compiled_once(tmp_path: Path, name: str) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    source = tmp_path / name
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n')
    catalogues.compile_changed(tmp_path)
    compiled = source.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    catalogues.compile_changed(tmp_path)
    assert compiled.stat().st_mtime_ns == first
    os.utime(source, (time.time() + 5, time.time() + 5))
    catalogues.compile_changed(tmp_path)
    assert compiled.stat().st_mtime_ns > first


def test_make_lists_itself() -> None:
    targets = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    documented = set(re.findall(r"make (\S+)", targets))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert documented == set(phony[1].split()) - {"ready-to-test"}
