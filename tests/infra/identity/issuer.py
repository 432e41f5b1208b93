"""An issuer of tokens over HTTP that a test holds in its hand: its keys, its answers, and how often it was asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

AUDIENCE = "stadtbuch"


@cache
def rsa(kid: str) -> RSAKey:
    """A key that the tests share, since making one takes its time."""
    return RSAKey.generate_key(2048, {"kid": kid})


class Issuer:
    """What the server answers is what the attributes say at that moment."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.keys: list[Key] = [rsa("one")]
        self.published: list[dict[str, Any]] | None = None
        self.named = address
        self.jwks_uri = f"{address}/keys"
        self.status = 200
        self.location: str | None = None
        self.raw: bytes | None = None
        self.asked: list[str] = []

    def answer(self, path: str) -> bytes:
        self.asked.append(path)
        if self.raw is not None:
            return self.raw
        if path == "/.well-known/openid-configuration":
            return json.dumps({"issuer": self.named, "jwks_uri": self.jwks_uri}).encode()
        public = [key.as_dict(private=False) for key in self.keys]
        return json.dumps({"keys": public if self.published is None else self.published}).encode()

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a sound token; a claim that is changed to None is left out."""
        now = int(time.time())
        sound = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "ada",
            "iat": now,
            "exp": now + 300,
            "roles": ["clerk"],
            "org_unit": "63",
        }
        return {name: value for name, value in (sound | changes).items() if value is not None}

    def token(self, key: Key | None = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        key = key or self.keys[0]
        algorithm = {RSAKey: "RS256", ECKey: "ES256", OKPKey: "Ed25519"}.get(type(key), "HS256")
        whole = {"alg": algorithm, "kid": key.kid} | (header or {})
        return jwt.encode(whole, self.claims(**changes), key, algorithms=[whole["alg"]])


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.answer(self.path)
            self.send_response(issuer.status)
            if issuer.location:
                self.send_header("Location", issuer.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
