"""Tokens that Teams would never send: forged, expired, for others, malformed; each with the name of what is wrong with it."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.teams.issuer import ISSUER, Issuer, Key

STRANGER = Key("key-0", 100)
"""Another's key under our key's id."""
UNKNOWN = Key("key-of-nobody", 100)

Forger = Callable[[Issuer, str], str | None]
"""Makes the Authorization header from the issuer and the activity's service URL; None sends none."""


def _bearer(**changed: object) -> Forger:
    return lambda issuer, url: f"Bearer {issuer.token(url, changed)}"


def _signed_by(key: Key) -> Forger:
    return lambda issuer, url: f"Bearer {issuer.token(url, key=key)}"


def _headed(**headers: object) -> Forger:
    return lambda issuer, url: f"Bearer {issuer.token(url, headers=headers)}"


def _late(**seconds: int) -> Forger:
    """Move moments of the token by seconds from now."""

    def forge(issuer: Issuer, url: str) -> str:
        moments: dict[str, object] = {claim: int(time.time()) + shift for claim, shift in seconds.items()}
        return f"Bearer {issuer.token(url, moments)}"

    return forge


def _changed(edit: Callable[[list[str]], list[str]]) -> Forger:
    """Change the three parts of a good token."""
    return lambda issuer, url: f"Bearer {'.'.join(edit(issuer.token(url).split('.')))}"


def _encoded(value: object) -> str:
    return _base64url(json.dumps(value).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unsigned(issuer: Issuer, url: str) -> str:
    return f"Bearer {jwt.encode(issuer.claims(url), '', algorithm='none', headers={'kid': issuer.keys[-1].kid})}"


def _unsigned_spelled_otherwise(issuer: Issuer, url: str) -> str:
    return f"Bearer {_encoded({'alg': 'nOnE', 'kid': issuer.keys[-1].kid})}.{_encoded(issuer.claims(url))}."


def _public_key_as_secret(issuer: Issuer, url: str) -> str:
    """The classic confusion, HS256 with the public key as the shared secret: made by hand, since PyJWT refuses to."""
    key = issuer.keys[-1]
    secret = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid})}.{_encoded(issuer.claims(url))}"
    return f"Bearer {signed}.{_base64url(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _elliptic(issuer: Issuer, url: str) -> str:
    key = generate_private_key(SECP256R1())
    return f"Bearer {jwt.encode(issuer.claims(url), key, algorithm='ES256', headers={'kid': issuer.keys[-1].kid})}"


def _longer_digest(issuer: Issuer, url: str) -> str:
    key = issuer.keys[-1]
    return f"Bearer {jwt.encode(issuer.claims(url), key.private, algorithm='RS512', headers={'kid': key.kid})}"


def _own_key_inside(issuer: Issuer, url: str) -> str:
    """A key that the token itself brings along must not count."""
    return f"Bearer {issuer.token(url, key=UNKNOWN, headers={'kid': None, 'x5t': None, 'jwk': UNKNOWN.published()})}"


def _of_the_emulator(issuer: Issuer, url: str) -> str:
    """What the Bot Framework Emulator and skills sign: tokens of Entra, with the app's own id."""
    claims: dict[str, object] = {
        "iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/",
        "appid": issuer.app_id,
        "ver": "1.0",
    }
    return f"Bearer {issuer.token(url, claims)}"


FORGED: Mapping[str, Forger] = {
    "no header": lambda _issuer, _url: None,
    "an empty header": lambda _issuer, _url: "",
    "the scheme alone": lambda _issuer, _url: "Bearer",
    "an empty token": lambda _issuer, _url: "Bearer ",
    "another scheme": lambda issuer, url: f"Basic {issuer.token(url)}",
    "a token without a scheme": lambda issuer, url: issuer.token(url),
    "no token at all": lambda _issuer, _url: "Bearer let-me-in",
    "dots alone": lambda _issuer, _url: "Bearer ..",
    "parts that are no base64": lambda _issuer, _url: "Bearer ***.***.***",
    "a head that is no JSON": _changed(lambda parts: ["bm8", *parts[1:]]),
    "a head that is a list": _changed(lambda parts: [_encoded(["RS256"]), *parts[1:]]),
    "a head that nests deeply": _changed(lambda parts: [_base64url(b"[" * 3000), *parts[1:]]),
    "claims that are no object": _changed(lambda parts: [parts[0], _encoded("claims"), parts[2]]),
    "two parts": _changed(lambda parts: parts[:2]),
    "four parts": _changed(lambda parts: [*parts, parts[2]]),
    "no signature": _changed(lambda parts: [*parts[:2], ""]),
    "another token's signature": lambda issuer, url: ".".join(
        [*f"Bearer {issuer.token(url)}".split(".")[:2], issuer.token(url, {"aud": "another"}).split(".")[2]]
    ),
    "changed claims": lambda issuer, url: (
        "Bearer "
        + ".".join([issuer.token(url).split(".")[0], _encoded(issuer.claims(url, {"exp": 9_999_999_999})), issuer.token(url).split(".")[2]])
    ),
    "not ASCII": lambda issuer, url: f"Bearer {issuer.token(url)}é",
    "a header of 7,000 characters": lambda issuer, url: f"Bearer {issuer.token(url)}{'A' * (7_000 - len(issuer.token(url)))}",
    "two tokens": lambda issuer, url: f"Bearer {issuer.token(url)}, Bearer {issuer.token(url)}",
    "algorithm none": _unsigned,
    "algorithm none, spelled otherwise": _unsigned_spelled_otherwise,
    "the public key as a shared secret": _public_key_as_secret,
    "an elliptic key": _elliptic,
    "a longer digest": _longer_digest,
    "another's key under our key's id": _signed_by(STRANGER),
    "an unknown key": _signed_by(UNKNOWN),
    "a key in the token itself": _own_key_inside,
    "no key id": _headed(kid=None),
    "a key id that is no text": lambda issuer, url: (
        "Bearer " + ".".join([_encoded({"alg": "RS256", "kid": ["key-0"]}), *issuer.token(url).split(".")[1:]])
    ),
    "a critical extension": _headed(crit=["b64"], b64=False),
    "expired beyond the clock's skew": _late(exp=-301, nbf=-4000),
    "not valid yet": _late(nbf=302, exp=4000),
    "no expiry": _bearer(exp=None),
    "an expiry that is no number": _bearer(exp="tomorrow"),
    "no issuer": _bearer(iss=None),
    "another issuer": _bearer(iss="https://api.botframework.example"),
    "an issuer that begins like ours": _bearer(iss=f"{ISSUER}.example"),
    "the emulator's issuer": _of_the_emulator,
    "no audience": _bearer(aud=None),
    "another audience": _bearer(aud="99999999-2222-3333-4444-555555555555"),
    "an empty audience": _bearer(aud=""),
    "an audience among others": lambda issuer, url: f"Bearer {issuer.token(url, {'aud': ['another', issuer.app_id]})}",
    "no service address": _bearer(serviceurl=None),
    "another service address": _bearer(serviceurl="https://smba.trafficmanager.net/amer/"),
    "a service address that is no text": _bearer(serviceurl=7),
}
