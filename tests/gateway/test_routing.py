"""Which resource and method a request reaches."""

import pytest

from parity.gateway.routing import Router

ROUTER = Router(
    (path, http_method, f"{http_method} {path}")
    for path, http_method in [
        ("/", "GET"),
        ("/pets", "GET"),
        ("/pets/{id}", "GET"),
        ("/pets/{id}", "ANY"),
        ("/pets/mine", "GET"),
        ("/pets/{id}/toys", "GET"),
        ("/{proxy+}", "OPTIONS"),
        ("/{proxy+}", "DELETE"),
        ("/files/{path+}", "GET"),
        ("/white space", "GET"),
    ]
)


@pytest.mark.parametrize(
    ("http_method", "path", "route", "parameters"),
    [
        ("GET", "/", "GET /", {}),
        ("GET", "/pets", "GET /pets", {}),
        ("GET", "/pets/", "GET /pets", {}),
        ("GET", "//pets", "GET /pets", {}),
        ("GET", "/pets/mine", "GET /pets/mine", {}),
        ("GET", "/pets/7", "GET /pets/{id}", {"id": "7"}),
        ("PUT", "/pets/7", "ANY /pets/{id}", {"id": "7"}),
        ("PUT", "/pets/mine", "ANY /pets/{id}", {"id": "mine"}),
        ("GET", "/pets/7/toys", "GET /pets/{id}/toys", {"id": "7"}),
        ("OPTIONS", "/pets", "OPTIONS /{proxy+}", {"proxy": "pets"}),
        ("DELETE", "/pets/7/toys", "DELETE /{proxy+}", {"proxy": "pets/7/toys"}),
        ("GET", "/files/a//b/", "GET /files/{path+}", {"path": "a//b"}),
        ("GET", "/files/a%2Fb", "GET /files/{path+}", {"path": "a%2Fb"}),
        ("GET", "/white%20space", "GET /white space", {}),
    ],
)
def test_reaches_the_closest_resource_that_has_the_method(
    http_method: str, path: str, route: str, parameters: dict[str, str]
) -> None:
    match = ROUTER.match(http_method, path)
    assert match is not None
    assert (match.route, match.parameters) == (route, parameters)


@pytest.mark.parametrize(
    ("http_method", "path"), [("POST", "/pets"), ("GET", "/dogs"), ("GET", "/files"), ("PUT", "/")]
)
def test_reaches_nothing(http_method: str, path: str) -> None:
    assert ROUTER.match(http_method, path) is None


def test_any_is_every_method_that_api_gateway_supports_and_no_other() -> None:
    """Developer guide, api-gateway-method-settings-method-request.html: the seven "supported HTTP methods" of ANY."""
    router = Router([("/", "ANY", "any"), ("/", "POST", "own")])
    for http_method in ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"):
        match = router.match(http_method, "/")
        assert match is not None
        assert match.route == ("own" if http_method == "POST" else "any")
    for http_method in ("ANY", "TRACE", "PROPFIND"):
        assert router.match(http_method, "/") is None
