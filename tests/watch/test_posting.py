"""A message is sent to the address that was checked, and to no other."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.servers import free_port
from city.networks import PRIVATE, networks_of
from tests.watch.receiver import Receiver, receiving
from watch import posting
from watch.posting import Letter, post

NETWORKS = networks_of(PRIVATE)
BODY = b'{"id":"HK1/1","title":"\xe7\xa7\xaf\xe6\xb0\xb4"}'


def letter(url: str) -> Letter:
    return Letter(url, {"webhook-id": "HK1/1"}, BODY)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@contextmanager
def silent(*, trickling: bool = False) -> Iterator[str]:
    """Takes a connection and says nothing, or `wait a little` for ever."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        over = threading.Event()

        def serve() -> None:
            line, _ = door.accept()
            with line:
                while trickling and not over.wait(0.05):
                    try:
                        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                    except OSError:
                        return
                over.wait(30)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        over.set()


def test_a_message_arrives_as_it_was_written(receiver: Receiver) -> None:
    answer = post(letter(receiver.url), NETWORKS)

    assert answer.is_taken
    (one,) = receiver.received
    assert one.path == "/in?from=city"
    assert one.body == BODY
    assert one.headers["webhook-id"] == "HK1/1"
    assert one.headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    assert one.headers["Host"] in receiver.url


def test_a_status_that_is_not_success_is_said(receiver: Receiver) -> None:
    receiver.status = lambda _: 503

    answer = post(letter(receiver.url), NETWORKS)

    assert (answer.status, answer.trouble) == (503, "HTTP 503")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.status = lambda _: 307
        receiver.headers = {"Location": elsewhere.url}

        answer = post(letter(receiver.url), NETWORKS)

        assert (answer.status, answer.is_taken) == (307, False)
        assert elsewhere.received == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_address_outside_the_networks_is_not_called_whatever_its_name(
    receiver: Receiver, host: str
) -> None:
    url = receiver.url.replace("127.0.0.1", host)

    answer = post(letter(url), networks_of("10.0.0.0/8"))

    assert "not within CITY_WEBHOOK_NETWORKS" in answer.trouble
    assert answer.is_away
    assert receiver.received == []


def test_nobody_there_and_no_such_name_are_said_in_words() -> None:
    nobody = post(letter(f"http://127.0.0.1:{free_port()}/"), NETWORKS)
    nowhere = post(letter("http://nowhere.invalid/"), NETWORKS)

    assert (nobody.status, nobody.trouble) == (0, "Connection refused")
    assert nowhere.status == 0
    assert nowhere.trouble


@pytest.mark.parametrize("trickling", [False, True])
def test_an_answer_that_does_not_come_is_not_awaited_for_ever(
    trickling: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER_WITHIN_S", 0.4)
    with silent(trickling=trickling) as url:
        answer = post(letter(url), NETWORKS)

    assert answer.status == 0
    assert answer.trouble


def test_what_the_other_side_writes_is_not_quoted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            line, _ = door.accept()
            with line:
                line.recv(65536)
                line.sendall(b"SECRET OF ANOTHER SYSTEM\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()

        answer = post(letter(f"http://127.0.0.1:{door.getsockname()[1]}/"), NETWORKS)

    assert answer.status == 0
    assert "SECRET" not in answer.trouble


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    paths = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0],
         "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


def test_a_certificate_that_nobody_vouches_for_is_refused_and_a_known_one_taken(
    certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(certificate) as receiver:
        unknown = post(letter(receiver.url), NETWORKS)
        known = ssl.create_default_context(cafile=certificate[0])
        monkeypatch.setattr(posting, "trust", lambda: known)
        trusted = post(letter(receiver.url), NETWORKS)

    assert unknown.trouble.startswith("certificate: ")
    assert trusted.is_taken
    assert len(receiver.received) == 1
