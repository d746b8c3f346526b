"""Writes docs/reference/python.md from the docstrings of the package `pantomatrix`:  python3 dev.py reference"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import griffe
import mdformat

from pantomatrix_converters.editing.option_kinds import options_of
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_models.options import MotionOptions

ROOT = Path(__file__).resolve().parent.parent
_FORMAT = tomllib.loads((ROOT / ".mdformat.toml").read_text(encoding="utf-8"))
PAGE = ROOT / "docs" / "reference" / "python.md"
SOURCES = ("engine_clients/python", "converters", "models")
BEGINNING = """# The Python package

`import pantomatrix as pm` is quick and loads nothing heavy. Each name is loaded when it is first used; if its packages are
missing, the error says what to install.

This page is made from the docstrings by `python3 dev.py reference`.
"""


def reference() -> str:
    """The page."""
    loader = griffe.GriffeLoader(search_paths=[str(ROOT / source) for source in SOURCES], docstring_parser="numpy")
    package = loader.load("pantomatrix")
    for other in ("pantomatrix_client", "pantomatrix_converters", "pantomatrix_models"):
        loader.load(other)
    loader.resolve_aliases(external=False, implicit=True)
    names = [name for name in package.exports or () if not str(name).startswith("_") and name != "Options"]
    order = sorted(names, key=lambda name: (package[str(name)].is_class, str(name)))
    blocks = [BEGINNING]
    for name in order:
        member = package[str(name)]
        blocks += _entry(f"pm.{name}", member.final_target if member.is_alias else member)
    blocks += ["## Options of a motion\n", *_options()]
    return mdformat.text("\n".join(blocks), options=_FORMAT, extensions={"gfm", "tables"})


def _options() -> Iterator[str]:
    yield (
        "`help(pm.Options)`, the type of these keywords, lists them too. "
        "`Client` takes all of them, `generate` and `live` all but `coordinate_system`: their motions are canonical. "
        "`convert` takes the edits, `coordinate_system` only with a target.\n"
    )
    yield "| option | default | what it does | edit |\n|---|---|---|---|"
    edits = options_of(MotionEdits)
    for name, (option, default) in options_of(MotionOptions).items():
        plain = option.kind.write(default)
        shown = option.shown_default or (f"`{plain!r}`" if plain not in ("", [], {}, ()) else "none")
        yield f"| `{name}` | {shown} | {option.help} | {'yes' if name in edits else ''} |"
    yield ""


def _entry(title: str, member: griffe.Object) -> Iterator[str]:
    yield f"## {title}\n"
    if isinstance(member, griffe.Module):
        yield "```\n" + (member.docstring.value.strip() if member.docstring else "") + "\n```\n"
        return
    yield from _signature(title.rpartition(".")[2], member)
    yield from _text(member)
    if isinstance(member, griffe.Class):
        for name, own in member.members.items():
            if not name.startswith("_") and own.docstring is not None:
                yield f"### {title.removeprefix('pm.')}.{name}\n"
                yield from _signature(name, own)
                yield from _text(own)


def _signature(name: str, member: griffe.Object | griffe.Alias) -> Iterator[str]:
    if isinstance(member, griffe.Class) and "__init__" in member.members:
        member = member["__init__"]
    if not isinstance(member, griffe.Function):
        if isinstance(member, griffe.Attribute) and member.annotation is not None:
            yield f"`{member.annotation}`\n"
        return
    star, words = False, []
    for parameter in member.parameters:
        if parameter.name == "self":
            continue
        if parameter.kind is griffe.ParameterKind.keyword_only and not star:
            words, star = [*words, "*"], True
        marks = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
        word = (marks.get(parameter.kind, "") if parameter.kind else "") + parameter.name
        word += f": {parameter.annotation}" if parameter.annotation is not None else ""
        words.append(word + (f" = {parameter.default}" if parameter.default and not word.startswith("*") else ""))
    returns = f" -> {member.returns}" if member.returns is not None and str(member.returns) != "None" else ""
    line = f"{name}({', '.join(words)}){returns}"
    if len(line) > 90:
        line = f"{name}(\n    " + ",\n    ".join(words) + f",\n){returns}"
    yield f"```python notest\n{line}\n```\n"


def _text(member: griffe.Object | griffe.Alias) -> Iterator[str]:
    for section in member.docstring.parsed if member.docstring else ():
        if section.kind is griffe.DocstringSectionKind.text:
            yield f"{section.value}\n"
            continue
        yield f"**{section.kind.value.capitalize()}**\n"
        for item in section.value:
            name = getattr(item, "name", "")
            kind = f" ({item.annotation})" if name and item.annotation else str(item.annotation or "").strip("()")
            described = " ".join(item.description.split())
            said = f": {described}" if described else ""
            yield f"- `{name}`{kind}{said}" if name else f"- `{kind}`{said}"
        yield ""


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
