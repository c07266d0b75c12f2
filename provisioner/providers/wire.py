"""What carries a request to a server: aiohttp's pool behind httpx's interface.

It says of every failure whether anything had left: ConnectError and ConnectTimeout when nothing had, any other error of
httpx when something had. An answer is whole, or it is an error.
"""

from __future__ import annotations

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

IDLE = 2.0
"""Seconds after which an idle connection is closed, before servers do it: a request that meets a closing connection is
lost, and a create that is lost must be looked for."""


class ServerTransport(AiohttpTransport):
    """Nothing is sent twice by itself, no cookie is kept, no proxy or netrc of the environment is used."""

    def get_client(self) -> aiohttp.ClientSession:
        """The pool, made when the first request leaves."""
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0, ssl=self.ssl_context, keepalive_timeout=IDLE
        )
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp would send a PUT or DELETE again when a connection that was used before breaks. It offers no other
        # switch than the one that its own test client uses.
        session._retry_connection = False  # noqa: SLF001
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and its whole answer."""
        try:
            response = await super().handle_async_request(request)
            try:
                await response.aread()
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            failed = _failure(error)
        else:
            return response
        raise failed  # out here, so that it holds on to no error that names the address


def _failure(error: BaseException) -> httpx.HTTPError:
    """httpx-aiohttp takes a connection that breaks for one that cannot be made; aiohttp's own errors know better."""
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ else error
    match cause:
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout("")
        case aiohttp.ClientConnectorError() | aiohttp.InvalidURL():
            return httpx.ConnectError("")
        case TimeoutError():
            return httpx.ReadTimeout("")
        case _:
            return httpx.ReadError("")
