"""JSON-RPC 2.0 with `oftr jsonrpc --framing line`, over its standard input and output: one text a line.

Standard library only. Requests are answered in any order, so each waits for its own id; what has no id is an event.
"""

import asyncio
import itertools
import json
import os

OFTR = os.environ.get("OFTR", "oftr").split()

# A line is one message; a table of flows may be long.
MAX_LINE = 64 * 1024 * 1024


class RpcError(Exception):
    """A request was refused. `code` and `data` are for programs, the text for people."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]
        self.data = error.get("data")


class Gateway:
    """A daemon of our own: it ends when we do."""

    def __init__(self, process):
        self._process = process
        self._ids = itertools.count(1)
        self._waiting = {}
        self._events = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls):
        return cls(
            await asyncio.create_subprocess_exec(
                *OFTR, "jsonrpc", "--framing", "line",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=MAX_LINE,
            )
        )

    async def request(self, method, **params):
        """Sends a request and gives its result. Raises RpcError, and ConnectionError when the daemon ends."""
        answer = asyncio.get_running_loop().create_future()
        request_id = next(self._ids)
        self._waiting[request_id] = answer
        self._write({"id": request_id, "method": method, "params": params})
        await self._process.stdin.drain()
        return await answer

    def notify(self, method, **params):
        """Sends a request that is not answered. What goes wrong with it comes as a CHANNEL_ALERT."""
        self._write({"method": method, "params": params})

    async def events(self):
        """Gives the params of one OFP.MESSAGE after the other, until the daemon ends."""
        while (event := await self._events.get()) is not None:
            yield event

    async def stop(self):
        """Ends the daemon: it does so by itself when its input ends."""
        self._process.stdin.close()
        await self._process.wait()

    def _write(self, text):
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **text}).encode() + b"\n")

    async def _read(self):
        async for line in self._process.stdout:
            text = json.loads(line)
            if "id" not in text:
                self._events.put_nowait(text["params"])
            elif text["id"] in self._waiting:
                answer = self._waiting.pop(text["id"])
                if "error" in text:
                    answer.set_exception(RpcError(text["error"]))
                else:
                    answer.set_result(text["result"])
            else:
                raise RpcError(text["error"])
        for answer in self._waiting.values():
            answer.set_exception(ConnectionError("oftr has ended"))
        self._events.put_nowait(None)
