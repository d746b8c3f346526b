"""The C++ client's own tests under the sanitizer of threads, against a real server."""

from __future__ import annotations

import pytest

from cmake_projects import can_build
from cpp_client import passes_its_tests
from server_process import ServerProcess
from tools import needs

pytestmark = [
    pytest.mark.client,
    needs(can_build("grpc++", "protobuf-lite", "gtest_main"), "gRPC C++, CMake, Ninja, GoogleTest"),
    pytest.mark.timeout(900),
]


def test_its_own_tests(server: ServerProcess) -> None:
    passes_its_tests("thread", server)
