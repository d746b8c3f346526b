"""The C++ client as its tests build it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from cmake_projects import run
from folders import ROOT
from server_process import ServerProcess

CPP = ROOT / "engine_clients" / "cpp"
TESTS = "tests/pantomatrix_tests"


_SHIPPED = ("pantomatrix_c", "generate_file", "live_microphone_from_wav", "live_streams")
"""Targets, with the libraries that they are linked to."""


@cache
def built(kind: str) -> Path:
    """ "release": the client as it is shipped. Or its tests under the sanitizer "address" or "thread"."""
    folder = CPP / "build" / kind
    flags, targets = ["-DCMAKE_BUILD_TYPE=Release"], _SHIPPED
    if kind != "release":
        # A library's files are compiled as one, which takes half the time; what a file lacks on its own the release shows.
        # Sound that keeps up with the clock is tested too, so the slowest has -O1.
        optimization = "-O1" if kind == "thread" else "-O0"
        flags = ["-DCMAKE_BUILD_TYPE=Debug", f"-DPANTOMATRIX_SANITIZE={kind}", "-DPANTOMATRIX_EXAMPLES=OFF"]
        flags += ["-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0", f"-DCMAKE_CXX_FLAGS={optimization}"]
        targets = ("pantomatrix_tests",)
    run("cmake", "-S", str(CPP), "-B", str(folder), "-G", "Ninja", "-DPANTOMATRIX_TESTS=ON", *flags)
    output = run("cmake", "--build", str(folder), "--target", *targets)
    ours = rf"^{re.escape(str(CPP))}/(include|src|examples|tests|benchmarks)/.*warning.*\[-W(.*)\]"
    kinds = {found[2] for found in re.finditer(ours, output, re.MULTILINE)}
    assert kinds <= ({"shadow", "subobject-linkage"} if kind != "release" else set()), (
        output
    )  # of files that became one
    return folder


def addresses(server: ServerProcess) -> dict[str, str]:
    """What its tests read from the environment."""
    return {
        "PANTOMATRIX_TEST_GRPC": server.address,
        "PANTOMATRIX_TEST_WEBSOCKET": server.web,
        "LSAN_OPTIONS": f"suppressions={CPP / 'tests' / 'leak_sanitizer.supp'}",
        "TSAN_OPTIONS": f"ignore_noninstrumented_modules=1 suppressions={CPP / 'tests' / 'thread_sanitizer.supp'}",
    }


def passes_its_tests(kind: str, server: ServerProcess, *arguments: str) -> None:
    """All of the tests that a build has, in three processes: they wait most of their time, for sound that is played."""
    shards = 3
    program = (str(built(kind) / TESTS), *arguments)

    def passed(shard: int) -> int:
        mine = {"GTEST_TOTAL_SHARDS": str(shards), "GTEST_SHARD_INDEX": str(shard)}
        found = re.search(r"\[  PASSED  \] (\d+) tests", run(*program, **addresses(server), **mine))
        assert found is not None
        return int(found[1])

    with ThreadPoolExecutor(shards) as pool:
        assert sum(pool.map(passed, range(shards))) >= 112
