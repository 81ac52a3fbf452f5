"""The keys with which the tokens of a local Cognito user pool are signed.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
Each pool has one RSA key, made when it is first needed and kept in the user's cache folder, so that the command that
makes a token and the gateway that verifies it agree. It signs nothing that AWS would accept.
"""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ALGORITHM: Final = "RS256"
_KEY_BITS: Final = 2048
_POOL_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def keys_folder() -> Path:
    """Where the keys are kept: `parity/user-pools` in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "parity" / "user-pools"


def private_key(pool_id: str) -> "RSAPrivateKey":
    """The key of a pool.

    Args:
        pool_id: the pool's id, such as `us-east-1_a1B2c3D4e`.

    Raises:
        OSError: the key cannot be kept.
        ValueError: the id is none, or the file holds no key.
    """
    if not _POOL_ID.fullmatch(pool_id):
        raise ValueError(f"{pool_id!r} is not the id of a user pool")
    return _private_key(keys_folder() / f"{pool_id}.pem")


@lru_cache(maxsize=64)
def _private_key(path: Path) -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with contextlib.suppress(FileExistsError):
        if not path.exists():
            _make(path)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{path} holds no RSA key; delete it")
    return key


def _make(path: Path) -> None:
    """Makes a key; of two processes that do so at once, the first one's counts."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def jwks(pool_id: str) -> dict[str, Any]:
    """The JSON Web Key Set of a pool, as Cognito publishes it at `{issuer}/.well-known/jwks.json`."""
    from jwt.algorithms import RSAAlgorithm

    key = json.loads(RSAAlgorithm.to_jwk(private_key(pool_id).public_key()))
    return {
        "keys": [{"alg": ALGORITHM, "e": key["e"], "kid": _key_id(pool_id), "kty": "RSA", "n": key["n"], "use": "sig"}]
    }


def sign(pool_id: str, claims: Mapping[str, Any]) -> str:
    """A token with these claims, signed by the pool."""
    import jwt

    return jwt.encode(dict(claims), private_key(pool_id), ALGORITHM, headers={"kid": _key_id(pool_id)})


def _key_id(pool_id: str) -> str:
    return f"parity-{pool_id}"
