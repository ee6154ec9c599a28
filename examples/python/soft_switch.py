#!/usr/bin/env python3
"""A switch: oftr speaks OpenFlow for it, and it decides what to say. Standard library only.

    OFTR="node bin/oftr.js" python3 examples/python/soft_switch.py 127.0.0.1:6654
    ovs-ofctl -O OpenFlow13 show tcp:127.0.0.1:6654
    ovs-ofctl -O OpenFlow13 add-flow tcp:127.0.0.1:6654 in_port=1,actions=output:2

Controllers connect to it; they share one table of flows. It has ports without wires: a table to be looked at and changed.
To connect to a controller instead, put OFP.CONNECT in the place of OFP.LISTEN. Neither has the option FEATURES_REQ,
for that is what a controller asks. HELLO and ECHO are answered by oftr.
"""

import asyncio
import sys
import time

from oftr import Gateway, RpcError

VERSION = 4  # OpenFlow 1.3
DATAPATH_ID = "00:00:00:00:00:00:00:2a"
PORTS = {1: "left", 2: "right"}
STARTED = time.monotonic()

# Other keys of a FLOW_MOD have these values when they are missing.
FLOW = {"priority": 0, "idle_timeout": 0, "hard_timeout": 0, "flags": [], "cookie": 0, "match": [], "instructions": []}


class Refused(Exception):
    """Becomes an ERROR with this type and code."""


class Switch:
    """Answers what controllers ask."""

    def __init__(self):
        self.flows = {}
        self.config = {"flags": ["FRAG_NORMAL"], "miss_send_len": 128}

    def answer(self, kind, msg):
        """The type and body of the answer to a message; None where there is none. Raises Refused."""
        handler = getattr(self, kind.lower(), None)
        if handler is None:
            raise Refused("BAD_REQUEST", "OFPBRC_BAD_TYPE")
        return handler(msg)

    def features_request(self, _):
        return "FEATURES_REPLY", {
            "datapath_id": DATAPATH_ID, "n_buffers": 0, "n_tables": 1, "auxiliary_id": 0,
            "capabilities": ["FLOW_STATS", "PORT_STATS"],
        }

    def get_config_request(self, _):
        return "GET_CONFIG_REPLY", self.config

    def set_config(self, msg):
        self.config = msg

    def barrier_request(self, _):
        return "BARRIER_REPLY", {}

    def desc_request(self, _):
        return "DESC_REPLY", {
            "mfr_desc": "oftr examples", "hw_desc": "none", "sw_desc": "soft_switch.py", "serial_num": "1", "dp_desc": "",
        }

    def port_desc_request(self, _):
        return "PORT_DESC_REPLY", [
            {
                "port_no": number, "hw_addr": f"0e:00:00:00:00:{number:02x}", "name": name, "config": [], "state": ["LIVE"],
                "curr": ["1GB_FD"], "advertised": [], "supported": [], "peer": [], "curr_speed": 1000000, "max_speed": 1000000,
            }
            for number, name in PORTS.items()
        ]

    def port_stats_request(self, msg):
        wanted = msg["port_no"]
        if wanted != "ANY" and wanted not in PORTS:
            raise Refused("BAD_REQUEST", "OFPBRC_BAD_PORT")
        both = [f"{way}_{what}" for way in ("rx", "tx") for what in ("packets", "bytes", "dropped", "errors")]
        counters = dict.fromkeys([*both, "rx_frame_err", "rx_over_err", "rx_crc_err", "collisions"], 0)
        return "PORT_STATS_REPLY", [
            {"port_no": number, "duration": age(STARTED), **counters} for number in PORTS if wanted in ("ANY", number)
        ]

    def table_features_request(self, _):
        return "TABLE_FEATURES_REPLY", [
            {
                "table_id": 0, "name": "only", "metadata_match": 0, "metadata_write": 0, "config": [], "max_entries": 1000,
                "instructions": ["APPLY_ACTIONS"], "next_tables": [], "write_actions": [], "apply_actions": ["OUTPUT"],
                "match": ["IN_PORT", "ETH_TYPE", "IPV4_DST/"], "wildcards": ["IN_PORT", "ETH_TYPE", "IPV4_DST"],
                "write_set_field": [], "apply_set_field": [],
            }
        ]

    def flow_desc_request(self, _):
        return "FLOW_DESC_REPLY", [
            {"table_id": 0, "duration": age(added), "packet_count": 0, "byte_count": 0, **flow}
            for flow, added in self.flows.values()
        ]

    def flow_mod(self, msg):
        if msg["table_id"] not in (0, "ALL"):
            raise Refused("FLOW_MOD_FAILED", "OFPFMFC_BAD_TABLE_ID")
        command, flow = msg["command"], {key: msg.get(key, value) for key, value in FLOW.items()}
        key = (flow["priority"], canonical(flow["match"]))
        if command == "ADD":
            self.flows[key] = (flow, time.monotonic())
        elif command == "DELETE" and flow["match"] == []:
            self.flows.clear()
        elif command == "DELETE_STRICT":
            self.flows.pop(key, None)
        else:
            raise Refused("FLOW_MOD_FAILED", "OFPFMFC_BAD_COMMAND")


def canonical(match):
    return tuple(sorted(tuple(sorted((key, str(value)) for key, value in field.items())) for field in match))


def age(since):
    """Seconds with nanoseconds, as a text: no digit is lost."""
    return f"{time.monotonic() - since:.9f}"


async def serve(gateway, switch, event):
    """Answers one message, under its xid."""
    address = {"conn_id": event["conn_id"], "xid": event["xid"], "version": event["version"]}
    try:
        answer = switch.answer(event["type"], event["msg"])
    except Refused as refused:
        kind, code = refused.args
        # A controller wants to see the beginning of what was refused: oftr writes it once more.
        asked = {key: event[key] for key in ("type", "xid", "version", "flags", "msg") if key in event}
        frame = (await gateway.request("OFP.ENCODE", **asked))["data"]
        answer = "ERROR", {"type": kind, "code": code, "data": frame[: 2 * 64]}
    if answer is not None:
        kind, msg = answer
        await gateway.request("OFP.SEND", **address, type=kind, msg=msg)


async def main(endpoint):
    gateway, switch = await Gateway.start(), Switch()
    await gateway.request("OFP.LISTEN", endpoint=endpoint, versions=[VERSION])
    print(f"listening at {endpoint}", flush=True)
    async for event in gateway.events():
        if event["type"] == "CHANNEL_ALERT":
            print(event["msg"]["message"], file=sys.stderr, flush=True)
        elif not event["type"].startswith("CHANNEL_"):
            try:
                await serve(gateway, switch, event)
            except RpcError as error:
                # The controller has gone meanwhile.
                print(f"{event['type']}: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:6654"))
