"""One post's hands: a token, and the API of the city, a connection for each request."""

import http.client
import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

log = logging.getLogger("staff")

ANSWER_WITHIN_S = 15.0
Answer = tuple[int, Any]
AWAY: Answer = (503, None)


class Office:
    """Speaks for one token."""

    def __init__(self, url: str, token: str) -> None:
        where = urlsplit(url)
        self._host, self._port = where.hostname or "127.0.0.1", where.port or 80
        self._headers = {"Authorization": f"Bearer {token}", "Connection": "close"}

    def read(self, path: str) -> Answer:
        """A GET."""
        return self._ask("GET", path, None, {})

    def say(self, path: str, body: Mapping[str, Any]) -> Answer:
        """A POST of JSON."""
        said = json.dumps(body, ensure_ascii=False).encode()
        return self._ask("POST", path, said, {"Content-Type": "application/json"})

    def send_photo(self, path: str, photo: bytes, fields: Mapping[str, str]) -> Answer:
        """A POST of a form with one file (RFC 7578)."""
        boundary = uuid.uuid4().hex
        parts = [part(boundary, f'name="{name}"', text.encode()) for name, text in fields.items()]
        head = 'name="file"; filename="photo.jpg"\r\nContent-Type: image/jpeg'
        parts.append(part(boundary, head, photo))
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", path, body, kind)

    def _ask(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_WITHIN_S)
        try:
            connection.request(method, path, body, {**self._headers, **more})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as trouble:
            log.debug("the city does not answer: %s", trouble)
            return AWAY
        finally:
            connection.close()
        return answer.status, json.loads(text) if text else None


def part(boundary: str, head: str, content: bytes) -> bytes:
    """One part of a form."""
    said = f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n"
    return said.encode() + content + b"\r\n"
