"""Settings: where they come from, which of them wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pantomatrix_models.errors import StartError
from pantomatrix_server.settings import Settings, as_toml, load_settings

pytestmark = pytest.mark.unit


def file_with(folder: Path, text: str) -> Path:
    path = folder / "server.toml"
    path.write_text(text)
    return path


def test_flags_win_over_variables_and_variables_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = file_with(tmp_path, "port = 1\nweb_port = 1\nmax_streams = 1\n")
    monkeypatch.setenv("PANTOMATRIX_WEB_PORT", "2")
    monkeypatch.setenv("PANTOMATRIX_MAX_STREAMS", "2")
    settings = load_settings(config, {"max_streams": "3", "host": None})
    assert (settings.port, settings.web_port, settings.max_streams, settings.host) == (1, 2, 3, "127.0.0.1")


def test_models_of_file_variables_and_flags_are_all_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = file_with(tmp_path, '[models]\na = "file"\nb = "file"\n')
    monkeypatch.setenv("PANTOMATRIX_MODELS", '{"b": "variable", "c": "variable"}')
    settings = load_settings(config, {"models": {"c": "flag"}})
    assert settings.models == {"a": "file", "b": "variable", "c": "flag"}


def test_what_is_printed_is_read_again(tmp_path: Path) -> None:
    first = load_settings(
        None, {"models": {"a": 'with "quotes"'}, "web_origins": ["https://example.com"], "preview": "true"}
    )
    config = file_with(tmp_path, as_toml(first))
    assert load_settings(config, {}).model_dump() == first.model_dump()
    assert all(name in config.read_text() for name in Settings.model_fields)


def test_the_preview_has_a_port() -> None:
    assert load_settings(None, {"preview": True}).web_port == 8080
    assert load_settings(None, {"preview": True, "web_port": 0}).web_port == 0
    assert load_settings(None, {}).web_port is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", ["server.toml", "'prot'", "did you mean port"]),
        ("port = 70000", ["server.toml", "'port'", "65535", "70000"]),
        ("port = ", ["server.toml", "not valid TOML"]),
        ("max_clip_seconds = nan", ["server.toml", "'max_clip_seconds'", "greater than 0"]),
        ("[models]\na = 1", ["server.toml", "'models.a'"]),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(StartError) as caught:
        load_settings(file_with(tmp_path, text), {})
    assert all(word in str(caught.value) for word in words), caught.value
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"none\.toml: No such file"):
        load_settings(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PANTOMATRIX_PORT", "many", ["PANTOMATRIX_PORT", "'many'"]),
        ("PANTOMATRIX_MODELS", "emage", ["PANTOMATRIX_MODELS", "not JSON"]),
        ("PANTOMATRIX_WEB_ORIGINS", "https://a.b/", ["PANTOMATRIX_WEB_ORIGINS", "'https://a.b/' is not an origin"]),
        ("PANTOMATRIX_MAX_STREAM", "1", ["PANTOMATRIX_MAX_STREAM,", "PANTOMATRIX_MAX_STREAMS"]),
    ],
)
def test_a_wrong_variable_is_refused(name: str, value: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StartError) as caught:
        load_settings(None, {})
    assert all(word in str(caught.value) for word in words), caught.value


def test_origins_are_written_with_commas_in_flags_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    two = ["https://a.b", "http://c.d:8080"]
    assert load_settings(None, {"web_origins": ["https://a.b, http://c.d:8080"]}).web_origins == two
    assert load_settings(None, {"web_origins": two}).web_origins == two
    monkeypatch.setenv("PANTOMATRIX_WEB_ORIGINS", ",".join(two))
    assert load_settings(None, {}).web_origins == two


def test_what_is_of_this_machine_is_printed_as_a_comment() -> None:
    assert "\n# max_concurrent_clips = " in as_toml(load_settings(None, {}))
    assert "\nmax_concurrent_clips = 3\n" in as_toml(load_settings(None, {"max_concurrent_clips": "3"}))


def test_variables_of_clients_are_none_of_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTOMATRIX_TOKEN", "secret")
    monkeypatch.setenv("PANTOMATRIX_SOMETHING_ELSE", "1")
    assert load_settings(None, {}).tokens is None
