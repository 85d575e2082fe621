"""The shape of the code: every module has its place, every term its word."""

import subprocess
import sys
import tomllib
from enum import StrEnum

import pytest

from socialmap.config import ROOT
from socialmap.labels import LABELS
from socialmap.models import terms

TOP = 19


def modules(package: str) -> set[str]:
    """The modules and packages directly inside a package on disk."""
    folder = ROOT / package
    names = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    return {f"{package}.{name}" for name in names - {"__init__"}}


def test_every_module_stands_in_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    named = {
        name.strip() for layer in layers for part in layer.split("|") for name in part.split(":")
    }
    loose = {"socialmap.migrations"}
    assert modules("socialmap") | modules("importers") == named | loose


def test_the_top_of_the_package_stays_small() -> None:
    assert len(modules("socialmap")) <= TOP + len({"migrations"})


@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(terms).values() if isinstance(kind, type) and kind is not StrEnum],
)
def test_every_term_has_a_dutch_label(kind: type) -> None:
    if issubclass(kind, StrEnum):
        assert set(LABELS[kind]) == set(kind)


def test_no_file_names_this_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().splitlines():
        text = (ROOT / name).read_bytes()
        for host in (b"pypi." + b"org", b"/work" + b"/", b"/ro" + b"ot/"):
            assert host not in text, f"{host!r} in {name}"


@pytest.mark.parametrize("name", ["listing", "edit", "counting"])
def test_every_part_of_the_site_can_be_read_on_its_own(name: str) -> None:
    """No circle of imports, which works or not by what was imported before."""
    code = f"import socialmap.views.{name}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
