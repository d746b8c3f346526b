"""What deploy/ names exists."""

from __future__ import annotations

import configparser
import json
import re

import pytest

from folders import ROOT
from pantomatrix_cli import app
from pantomatrix_server.app import metrics
from pantomatrix_server.settings import Settings

pytestmark = pytest.mark.unit

DEPLOY = ROOT / "deploy"


def test_settings_in_the_environment_exist() -> None:
    named = {
        name.lower()
        for path in (DEPLOY / "Dockerfile", DEPLOY / "compose.yaml", DEPLOY / "pantomatrix.service")
        for name in re.findall(r"PANTOMATRIX_([A-Z_0-9]+)", path.read_text())
    }
    assert named
    assert named <= set(Settings.model_fields)


def test_the_dashboard_and_the_docs_show_metrics_that_exist() -> None:
    known = {metric._name for metric in vars(metrics).values() if hasattr(metric, "_name")}
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    texts = [*expressions, (ROOT / "docs" / "how-to" / "operate.md").read_text()]
    named = {
        re.sub(r"_(total|bucket|sum|count)$", "", name)
        for text in texts
        for name in re.findall(r"\bpantomatrix_(?!server)\w+", text)
    }
    assert len(named) > 6
    assert named <= known


def test_the_unit_starts_the_server() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read(DEPLOY / "pantomatrix.service")
    assert unit["Service"]["ExecStart"].split()[1:3] == ["serve", "--config"]
    commands = {command.name for command in app.registered_commands}
    assert {"serve", "health"} <= commands
    assert '"pantomatrix", "health"' in (DEPLOY / "Dockerfile").read_text()
