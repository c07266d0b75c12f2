"""What carries a request to a server: aiohttp's pool behind httpx's interface.

It says of every failure whether anything had left: ConnectError and ConnectTimeout when nothing had, any other error of
httpx when something had. An answer is whole, or it is an error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport

from provisioner.providers.proxy import Proxy

PIECE = 256 * 1024
"""Bytes of a body that are handed over at once."""
IDLE = 2.0
"""Seconds after which an idle connection is closed, before servers do it: a request that meets a closing connection is
lost, and a create that is lost must be looked for."""


class ServerTransport(AiohttpTransport):
    """Nothing is sent twice by itself, no cookie is kept, and no proxy is used but the one that is given, no netrc."""

    def __init__(self, limits: httpx.Limits, proxy: Proxy | None = None) -> None:
        super().__init__(limits=limits, proxy=None if proxy is None else _Tunnel(proxy))
        self._through = proxy

    def get_client(self) -> aiohttp.ClientSession:
        """The pool, made when the first request leaves."""
        connector = _Connector(limit=self.limits.max_connections or 0, ssl=self.ssl_context, keepalive_timeout=IDLE)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp would send a PUT or DELETE again when a connection that was used before breaks. It offers no other
        # switch than the one that its own test client uses.
        session._retry_connection = False  # noqa: SLF001
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and its whole answer."""
        try:
            response = await super().handle_async_request(_in_pieces(request))
            try:
                await response.aread()
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            failed = _failure(error, self._through)
        else:
            return response
        raise failed  # out here, so that it holds on to no error that names the address


class _Pieces(httpx.AsyncByteStream):
    """Bytes in memory, handed over a few at a time, and as often as somebody asks."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), PIECE):
            yield bytes(self._content[start : start + PIECE])


def _in_pieces(request: httpx.Request) -> httpx.Request:
    """The same request. Of bytes that are handed over as one, aiohttp warns when they are many."""
    content = request.content
    if len(content) <= PIECE:
        return request
    return httpx.Request(
        request.method, request.url, headers=request.headers, stream=_Pieces(content), extensions=request.extensions
    )


class _Tunnel(httpx.Proxy):
    """A proxy as httpx has it. Its own repr would show the header that holds the password."""

    def __init__(self, proxy: Proxy) -> None:
        # As a header and not as a pair: aiohttp is about to take no pair any more.
        super().__init__(
            proxy.url, headers={"Proxy-Authorization": proxy.authorization} if proxy.authorization else None
        )

    def __repr__(self) -> str:
        return f"_Tunnel({str(self.url)!r})"


class _Connector(aiohttp.TCPConnector):
    """Tells what fails on the way to a connection from what fails on one: a proxy that answers nothing, or nonsense,
    fails with the same errors as a server that was sent something.
    """

    async def connect(self, *args: Any, **named: Any) -> Connection:
        try:
            return await super().connect(*args, **named)
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _NotConnectedError from error


class _NotConnectedError(aiohttp.ClientError):
    """There is no connection; the cause says why."""


def _failure(error: BaseException, proxy: Proxy | None) -> httpx.HTTPError:
    """httpx-aiohttp takes a connection that breaks for one that cannot be made; aiohttp's own errors know better."""
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ else error
    match cause:
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(_why(cause, proxy))
        case _NotConnectedError():
            return httpx.ConnectError(_why(cause.__cause__, proxy))
        case aiohttp.InvalidURL():
            return httpx.ConnectError("")
        case TimeoutError():
            return httpx.ReadTimeout("")
        case _:
            return httpx.ReadError("")


def _why(cause: BaseException | None, proxy: Proxy | None) -> str:
    """Why there is no connection, when there is a proxy to blame; none of the words are the proxy's own."""
    if proxy is None:
        return ""
    name, variable = f"the proxy {proxy.authority}", proxy.variable
    match cause:
        case aiohttp.ClientHttpProxyError(status=407):
            return f"{name} answered 407: give it in {variable} the user name and password that it wants"
        case aiohttp.ClientHttpProxyError():
            return f"{name} answered {cause.status}: ask whoever runs it, or list the host in NO_PROXY"
        case aiohttp.ClientSSLError():
            return f"no TLS through {name}: if it has an authority of its own, name its file in SSL_CERT_FILE"
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientConnectorDNSError():
            return f"no connection to {name}: correct {variable}, or list the host in NO_PROXY"
        case aiohttp.ConnectionTimeoutError():
            return f"no connection through {name} in time: correct {variable}, or list the host in NO_PROXY"
        case _:
            return f"{name} broke off: correct {variable}, or list the host in NO_PROXY"
