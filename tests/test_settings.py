"""Settings: what the contract names, and what is said of a bad one."""

from pathlib import Path

import pytest

import settings

CONTRACT = {
    "CITY_REDIS_URL", "CITY_MQTT_URL", "CITY_MQTT_PORT", "CITY_HOST", "CITY_PORT",
    "CITY_WEB_WORKERS", "CITY_INGEST_WORKERS", "CITY_DATA_DIR", "CITY_PROFILE", "CITY_SIMULATOR",
    "CITY_DEMO", "CITY_SECRET_KEY", "CITY_LOG_LEVEL", "CITY_LOG_FORMAT",
}  # fmt: skip


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_of_the_contract_is_known() -> None:
    assert set(settings.names()) >= CONTRACT


def test_without_a_word_the_city_is_a_demo_on_loopback() -> None:
    found = settings.load({})

    assert (found.host, found.port, found.mqtt_port) == ("127.0.0.1", 8050, 1883)
    assert found.is_demo


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CITY_REDIS", "x", "CITY_REDIS is not a setting. Did you mean CITY_REDIS_URL?"),
        ("CITY_MQTT_PROT", "1", "Did you mean CITY_MQTT_PORT?"),
        ("CITY_PORT", "eighty", "CITY_PORT cannot be used"),
        ("CITY_PORT", "70000", "CITY_PORT cannot be used"),
        ("CITY_REDIS_URL", "http://x", "CITY_REDIS_URL cannot be used: must begin with"),
        ("CITY_LOG_FORMAT", "xml", "CITY_LOG_FORMAT cannot be used"),
    ],
)
def test_a_bad_setting_is_named_in_one_sentence(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(settings.SettingError) as refusal:
        settings.load()
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_misspelt_name_in_the_env_file_is_refused(empty_directory: Path) -> None:
    (empty_directory / ".env").write_text("CITY_PROT=9000\n")

    with pytest.raises(settings.SettingError, match=r"CITY_PROT is not a setting. Did you mean"):
        settings.load({})


def test_the_environment_wins_over_the_env_file(
    empty_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_directory / ".env").write_text("CITY_PORT=9000\nCITY_SIMULATOR=off\n")
    monkeypatch.setenv("CITY_PORT", "9001")

    found = settings.load()

    assert (found.port, found.simulator, found.is_demo) == (9001, False, False)


def test_a_secret_is_never_shown() -> None:
    found = settings.Settings(secret_key="very-secret")

    assert "very-secret" not in repr(found)
