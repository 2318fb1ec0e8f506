"""What every answer has in common: problems, headers, compression, nothing foreign."""

import gzip
import re

import pytest
from starlette.testclient import TestClient

from api.headers import content_policy
from tests.publisher import Publisher

pytestmark = pytest.mark.store


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nix", "/api/v1", "/api/v1/nix", "/api/v2/feeds"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_of_the_api_is_a_problem(
    client: TestClient, path: str, method: str
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_a_method_that_is_not_offered_is_405(client: TestClient) -> None:
    answer = client.post("/api/v1/feeds", json={})

    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert "GET" in answer.headers["allow"]


def test_home_leads_to_the_page_and_other_paths_nowhere(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/situation"
    assert client.get("/situation").status_code == 200
    assert client.get("/nowhere").status_code == 404


def test_every_page_and_script_is_our_own(client: TestClient) -> None:
    for path in ("/situation", "/api/docs"):
        text = client.get(path).text
        links = re.findall(r'(?:src|href)="([^"]+)"', text)
        assert links
        assert [link for link in links if not link.startswith(("/", "#"))] == []


def test_the_policy_lets_only_the_scripts_of_the_page_run(client: TestClient) -> None:
    answer = client.get("/situation")
    policy = answer.headers["content-security-policy"]

    assert policy == content_policy(answer.text)
    assert policy.count("'sha256-") == 2
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_every_answer_is_guarded(client: TestClient) -> None:
    for path in ("/situation", "/healthz", "/api/nix", "/assets/1-tokens.css"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_what_carries_its_version_is_kept_for_a_year(client: TestClient) -> None:
    text = client.get("/situation").text
    scripts = re.findall(r'src="(/[^"]+)"', text)

    assert any("maplibre" in script for script in scripts)
    for script in scripts:
        assert "immutable" in client.get(script).headers["cache-control"]
    assert client.get("/situation").headers["cache-control"] == "no-store"


def test_texts_are_compressed_once_and_whole(client: TestClient) -> None:
    path = "/city/roads.geojson"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        pressed = b"".join(answer.iter_raw())

    assert "content-encoding" not in plain.headers
    assert gzip.decompress(pressed) == plain.content
    assert len(pressed) == int(answer.headers["content-length"]) < len(plain.content) / 3


def test_a_large_answer_is_compressed_too(client: TestClient, publisher: Publisher) -> None:
    for number in range(20):
        publisher.ponding(number, number)

    answer = client.get("/api/v1/things", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["features"]) == 20


def test_the_base_map_is_served_and_nothing_beside_it(client: TestClient) -> None:
    assert client.get("/city/districts.geojson").json()["type"] == "FeatureCollection"
    assert client.get("/city/nix.geojson").status_code == 404
    assert client.get("/city/..%2Fhaikou.geojson").status_code == 404


def test_the_documents_name_every_route(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    text = client.get("/api/docs").text

    known = {
        "/healthz", "/readyz", "/metrics", "/api/v1/feeds", "/api/v1/things",
        "/api/v1/things/{department}/{kind}/{object}",
        "/api/v1/things/{department}/{kind}/{object}/history", "/api/v1/dead-letters",
        "/api/v1/cases", "/api/v1/cases/{case_id}/moves", "/api/v1/cases/{case_id}/evidence",
    }  # fmt: skip
    assert known - set(paths) == set()
    assert [path for path in paths if path not in text] == []


def test_only_the_page_with_a_grid_loads_the_grid(client: TestClient) -> None:
    assert "/dash_ag_grid/" in client.get("/cases").text
    assert "/dash_ag_grid/" not in client.get("/situation").text
