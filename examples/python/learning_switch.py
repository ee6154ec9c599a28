#!/usr/bin/env python3
"""A learning switch, for any number of switches and all versions of OpenFlow. Standard library only.

    OFTR="node bin/oftr.js" python3 examples/python/learning_switch.py 127.0.0.1:6653

It learns from PACKET_INs which address is behind which port. Frames to an address that it knows get a flow;
all others are flooded.
"""

import asyncio
import sys

from oftr import Gateway, RpcError

IDLE_TIMEOUT = 60  # seconds
BROADCAST_BIT = 0x01


def output(port):
    return {"action": "OUTPUT", "port_no": port, "max_len": "NO_BUFFER"}


class LearningSwitch:
    """One switch: which address is behind which of its ports."""

    def __init__(self, gateway, event):
        self.gateway = gateway
        self.conn_id = event["conn_id"]
        self.name = event["datapath_id"]
        self.ports = {}

    async def begin(self):
        """Forgets what others have told the switch; what no flow takes comes to us."""
        await self.send("FLOW_MOD", {"command": "DELETE", "table_id": "ALL"})
        await self.add_flow(priority=0, match=[], actions=[output("CONTROLLER")])
        # The answer says that all of this is in force.
        await self.gateway.request("OFP.REQUEST", conn_id=self.conn_id, type="BARRIER_REQUEST")
        print(f"{self.name}: ready", flush=True)

    def packet_in(self, msg):
        frame = bytes.fromhex(msg["data"])
        port, target, source = msg["in_port"], frame[0:6].hex(":"), frame[6:12].hex(":")
        if not frame[6] & BROADCAST_BIT and self.ports.get(source) != port:
            self.ports[source] = port
            print(f"{self.name}: {source} is at port {port}", flush=True)
        known = self.ports.get(target)
        if known is not None and known != port:
            match = [{"field": "IN_PORT", "value": port}, {"field": "ETH_DST", "value": target}]
            self.notify("FLOW_MOD", self.flow(10, match, [output(known)], idle_timeout=IDLE_TIMEOUT))
        out = {"in_port": port, "actions": [output("FLOOD" if known is None else known)]}
        # A switch that keeps the frame has sent the beginning of it only.
        if msg["buffer_id"] == "NO_BUFFER":
            out["data"] = msg["data"]
        else:
            out["buffer_id"] = msg["buffer_id"]
        if known != port:
            self.notify("PACKET_OUT", out)

    def flow(self, priority, match, actions, **more):
        instructions = [{"instruction": "APPLY_ACTIONS", "actions": actions}]
        return {"command": "ADD", "table_id": 0, "priority": priority, "match": match, "instructions": instructions, **more}

    def add_flow(self, priority, match, actions):
        return self.send("FLOW_MOD", self.flow(priority, match, actions))

    def send(self, kind, msg):
        return self.gateway.request("OFP.SEND", conn_id=self.conn_id, type=kind, msg=msg)

    def notify(self, kind, msg):
        self.gateway.notify("OFP.SEND", conn_id=self.conn_id, type=kind, msg=msg)


async def begin(switch):
    """A switch may go away while it is being set up: that is the end of it, not of us."""
    try:
        await switch.begin()
    except RpcError as error:
        print(f"{switch.name}: {error}", file=sys.stderr, flush=True)


async def main(endpoint):
    gateway = await Gateway.start()
    switches, tasks = {}, set()
    await gateway.request("OFP.LISTEN", endpoint=endpoint, options=["FEATURES_REQ"])
    print(f"listening at {endpoint}", flush=True)
    async for event in gateway.events():
        kind, conn_id = event["type"], event["conn_id"]
        if kind == "CHANNEL_UP":
            switches[conn_id] = LearningSwitch(gateway, event)
            # Not awaited: meanwhile events have to be read.
            task = asyncio.create_task(begin(switches[conn_id]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        elif kind == "CHANNEL_DOWN":
            print(f"{switches.pop(conn_id).name}: down, {event['msg']['message']}", flush=True)
        elif kind == "PACKET_IN" and conn_id in switches:
            switches[conn_id].packet_in(event["msg"])
        elif kind in ("ERROR", "CHANNEL_ALERT"):
            print(f"{kind}: {event['msg']}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:6653"))
