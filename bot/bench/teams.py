"""Teams for the bench: mentions with tokens of a key server of our own, and a stand-in for the connector that accepts everything."""

import base64
import itertools
import json
import time
from collections.abc import Mapping

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from bot.bench.platform import Outgoing

APP, TENANT, KEY = "00000000-0000-0000-0000-0000000000ab", "00000000-0000-0000-0000-0000000000cd", "bench"
CHANNELS, USERS = 200, 100
TEXT = "<at>Bench</at> what is the default administrative distance of OSPF on Cisco IOS? ({number})"
ISSUER = "https://api.botframework.com"


class TeamsBench:
    """One tenant of 200 channels and 100 people. Every token is verified as a real one is."""

    path = "/api/messages"

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._key = generate_private_key(65537, 2048)
        self._token = ""

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the key server, the token endpoint and the connector."""
        return (
            web.get("/openid", self._metadata),
            web.get("/keys", self._keys),
            web.post(f"/{TENANT}/oauth2/v2.0/token", self._granted),
            web.post("/v3/conversations/{conversation}/activities", self._posted),
            web.put("/v3/conversations/{conversation}/activities/{activity}", self._posted),
        )

    def settings(self, base: str) -> Mapping[str, str]:
        """Return an app of the tenant."""
        del base
        return {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "bench", "TEAMS_TENANT_ID": TENANT}

    def policy(self, policy: str, base: str) -> str:
        """Return the policy with the stand-in's addresses."""
        lines = (f'openid_url = "{base}/openid"', f'login_url = "{base}"', 'service_hosts = ["127.0.0.1"]')
        head, section, rest = policy.partition("[teams]\n")
        return head + section + "\n".join([*lines, rest])

    def outgoing(self, number: int, base: str) -> Outgoing:
        """Return one mention in a channel, with its token."""
        channel, message = f"19:{number % CHANNELS:05d}@thread.tacv2", str(1_700_000_000_000 + number)
        bot = {"id": f"28:{APP}", "name": "Bench"}
        activity = {
            "type": "message",
            "id": message,
            "channelId": "msteams",
            "serviceUrl": f"{base}/",
            "from": {"id": f"29:{number % USERS:05d}"},
            "recipient": bot,
            "conversation": {"id": f"{channel};messageid={message}", "conversationType": "channel", "tenantId": TENANT, "isGroup": True},
            "text": TEXT.format(number=number),
            "entities": [{"type": "mention", "text": "<at>Bench</at>", "mentioned": bot}],
        }
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._signed(base)}"}
        return Outgoing(json.dumps(activity).encode(), headers)

    def _signed(self, base: str) -> str:
        """Return a token, which like Teams's own is good for many activities."""
        if not self._token:
            now = int(time.time())
            claims = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600, "serviceurl": f"{base}/"}
            self._token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY})
        return self._token

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"http://{request.host}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        del request
        public = self._key.public_key().public_numbers()
        numbers = {"n": _base64url(public.n), "e": _base64url(public.e)}
        return web.json_response({"keys": [{"kty": "RSA", "use": "sig", "kid": KEY, "endorsements": ["msteams"], **numbers}]})

    async def _granted(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"access_token": "bench", "expires_in": 3600})

    async def _posted(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"id": str(next(self._ids))}, status=201)


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()
