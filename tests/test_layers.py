"""The layers: who imports whom, what a light module loads, what the top level holds."""

import ast
import json
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[1]

#: What each layer may import of the others.
BELOW = {"store": set(), "assistant": {"store"}, "ui": {"store", "assistant"}}
#: Libraries that take long to load, or hundreds of megabytes.
HEAVY = {"torch", "chromadb", "gradio", "openvino", "sentence_transformers", "transformers"}
#: Modules that are made of such a library, and are imported where they are used.
MADE_OF = {"assistant/reranking/cross_encoder.py", "ui/chat/blocks.py", "ui/chat/mounting.py"}
#: The modules that alone may import a library.
ALONE = {
    "chromadb": ["store/chroma_client.py", "store/chroma_server.py", "store/dense.py"],
    "tantivy": ["store/lexical/analysis.py", "store/lexical/index.py"],
    "rapidfuzz": ["assistant/question/correction.py"],
    "spellchecker": ["assistant/question/correction.py"],
    "bibtexparser": [
        "assistant/exports/bibtex.py",
        "assistant/exports/reference.py",
        "store/readers/bibtex.py",
    ],
    "httpx": ["store/fetching/client.py"],
    "ijson": ["store/readers/json_document.py"],
    "lxml": [
        "store/readers/arxiv_xml.py",
        "store/readers/endnote_xml.py",
        "store/readers/pubmed_xml.py",
        "store/readers/xml.py",
    ],
    "openpyxl": ["store/readers/spreadsheet.py"],
    "sqlalchemy": [
        "store/aliases.py",
        "store/backup.py",
        "store/binding.py",
        "store/catalog.py",
        "store/columns.py",
        "store/compaction.py",
        "store/connecting.py",
        "store/database.py",
        "store/feedback.py",
        "store/lock.py",
        "store/popularity.py",
        "store/recency.py",
        "store/records.py",
        "store/reembedding.py",
        "store/sayings.py",
        "store/schema.py",
        "store/upgrade.py",
        "store/watching/arrivals.py",
        "store/watching/recipients.py",
        "store/watching/tables.py",
        "store/watching/watches.py",
    ],
    "sentencex": ["store/sentences.py"],
    "openvino": ["store/embedding/export.py", "store/embedding/runs.py"],
    "sentence_transformers": [
        "assistant/reranking/cross_encoder_model.py",
        "store/embedding/torch_model.py",
    ],
}
TOP = {".ci", ".github", ".gitignore", "LICENSE", "README.md", "pyproject.toml"}
TOP |= {"assistant", "store", "tests", "ui"}

MODULES = sorted(file for layer in BELOW for file in (ROOT / layer).rglob("*.py"))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the top name and the line of each import, those inside functions included."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}:{node.lineno} imports relatively"
            yield str(node.module).partition(".")[0], node.lineno


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_imports_only_those_below_it(layer: str) -> None:
    forbidden = set(BELOW) - BELOW[layer] - {layer}
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in MODULES
        if file.is_relative_to(ROOT / layer)
        for name, line in imports(file)
        if name in forbidden | {"tests"}
    ]
    assert found == []
    assert any(file.is_relative_to(ROOT / layer) for file in MODULES)


@pytest.mark.parametrize("library", ALONE)
def test_a_library_is_known_to_its_own_module_alone(library: str) -> None:
    users = {
        str(file.relative_to(ROOT))
        for file in MODULES
        for name, _ in imports(file)
        if name == library
    }
    assert sorted(users) == ALONE[library]


def test_importing_any_module_of_ours_loads_nothing_heavy(python: Run) -> None:
    names = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in MODULES
        if str(file.relative_to(ROOT)) not in MADE_OF
    ]
    program = (
        "import importlib, json, sys\n"
        "found = {}\n"
        "for name in sys.argv[2:]:\n"
        "    before = set(sys.modules)\n"
        "    importlib.import_module(name)\n"
        "    found[name] = sorted((set(sys.modules) - before) & set(sys.argv[1].split()))\n"
        "print(json.dumps(found))"
    )
    done = python(program, " ".join(HEAVY), *names)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: loaded for name, loaded in found.items() if loaded} == {}
    assert len(found) == len(names) > 30


def test_the_command_line_starts_without_anything_but_itself(python: Run) -> None:
    done = python("import sys, ui.cli; print(*sorted({m.split('.')[0] for m in sys.modules}))")
    loaded = set(done.stdout.split())
    assert {"ui", "store", "typer"} <= loaded
    assert loaded & (HEAVY | {"numpy", "pydantic", "sqlalchemy", "tantivy", "fastapi"}) == set()


def test_the_top_level_holds_the_project_and_nothing_else() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so what belongs to the project is not known")
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True
    )
    found = {path.partition("/")[0] for path in listed.stdout.splitlines()}
    assert found - TOP == set()
    assert {"README.md", "LICENSE", "pyproject.toml", "assistant", "store", "ui"} <= found


def test_the_packages_that_are_built_are_the_ones_that_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    there = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for file in MODULES
        if file.name == "__init__.py"
    }
    assert set(project["tool"]["setuptools"]["packages"]) == there


def test_every_package_folder_says_what_it_is() -> None:
    missing = [
        str(file.relative_to(ROOT))
        for file in MODULES
        if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert missing == []
