"""What Unreal's header tool and include paths would give, for the stand-ins: python3 header_tool.py PLUGIN OUT.

Writes OUT/*.generated.h and one forwarding header for each of the engine's that the plugin includes, and refuses what
Unreal's header tool would.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ENGINE_HEADERS = set((Path(__file__).parent / "engine_headers.txt").read_text().split())
_INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
_TYPE = re.compile(
    r"^(UCLASS|USTRUCT)\([^\n]*\)\n(?:class|struct) (?:\w+_API )?(\w+)(?: : public (\w+))?\n\{\n\tGENERATED_BODY\(\)",
    re.MULTILINE,
)


def generated(path: Path, text: str) -> str:
    """The macros that GENERATED_BODY() in each line of a header becomes."""
    identifier = re.sub(r"\W", "_", path.name)
    lines = ["#pragma once", "#undef CURRENT_FILE_ID", f"#define CURRENT_FILE_ID {identifier}"]
    found = list(_TYPE.finditer(text))
    if len(found) != len(re.findall(r"^(?:UCLASS|USTRUCT)\(", text, re.MULTILINE)):
        sys.exit(f"{path}: a UCLASS or USTRUCT is not followed by its class and GENERATED_BODY()")
    for match in found:
        kind, name, base = match.groups()
        if name[0] != ("U" if kind == "UCLASS" else "F"):
            sys.exit(f"{path}: {kind} {name} has the wrong prefix")
        line = text.count("\n", 0, match.end()) + 1
        body = f"public: using ThisClass = {name};"
        if base:
            body += f" using Super = {base};"
        if kind == "UCLASS":
            body += f' static UClass* StaticClass() {{ static UClass it(TEXT("{name[1:]}")); return &it; }} private:'
        lines.append(f"#define {identifier}_{line}_GENERATED_BODY {body}")
    return "\n".join(lines) + "\n"


def main(plugin: Path, out: Path) -> None:
    headers = {path.name: path for path in plugin.rglob("*.h") if "ThirdParty" not in path.parts}
    for path in [*headers.values(), *plugin.rglob("*.cpp")]:
        text = path.read_text(encoding="utf-8")
        includes = _INCLUDE.findall(text)
        own = f"{path.stem}.generated.h"
        if path.suffix == ".h" and re.search(r"^U(CLASS|STRUCT|ENUM)\(", text, re.MULTILINE):
            if includes[-1] != own:
                sys.exit(f"{path}: {own} has to be the last include")
            _write(out / own, generated(path, text))
        for include in includes:
            if include == own or include in headers or include == "pantomatrix/c_api.h":
                continue
            if include not in ENGINE_HEADERS:
                sys.exit(f"{path}: {include} is neither the plugin's nor known to be the engine's")
            _write(out / include, '#pragma once\n#include "stand_in.h"\n')


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
