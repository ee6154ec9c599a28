/**
 * A program as users write it. The type checker reads it beside our sources; .ci/run compiles it against the installed package and runs
 * it. Each expected error is one that the types must find.
 */

import type { Action, Field, FlowMod, Message, MessageTypes, NxtFlowMod } from "oftr";
import {
  DecodeError,
  decodeMessage,
  decodeToText,
  EncodeError,
  encodeMessage,
  formatOvsFlow,
  loadJsonSchema,
  matchCovers,
  matchFromPacket,
  parseOvsFlow,
} from "oftr";

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** What people write for OpenFlow 1.0: the only instruction is that which holds its actions. */
const flow10: FlowMod = {
  type: "FLOW_MOD",
  version: 1,
  msg: {
    table_id: 0,
    command: "ADD",
    match: [{ field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" }],
    instructions: [{ instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: "FLOOD" }] }],
  },
};
const flow11: FlowMod = {
  type: "FLOW_MOD",
  version: 2,
  msg: { table_id: "0x01", command: "ADD", instructions: [{ instruction: "GOTO_TABLE", table_id: 2 }] },
};
const flow12: FlowMod = {
  type: "FLOW_MOD",
  version: 3,
  msg: { table_id: 0, command: "MODIFY_STRICT", flags: ["RESET_COUNTS"], cookie: 2n ** 63n },
};
const flow13: FlowMod = {
  type: "FLOW_MOD",
  version: 4,
  msg: {
    table_id: 0,
    command: "DELETE",
    out_group: 5,
    instructions: [{ instruction: "METER", meter_id: 1 }],
  },
};
const flow14: FlowMod = { type: "FLOW_MOD", version: 5, msg: { table_id: 0, command: "ADD", importance: 7 } };
const flow15: FlowMod = {
  type: "FLOW_MOD",
  version: 6,
  msg: {
    table_id: 0,
    command: "ADD",
    match: [{ field: "ETH_TYPE", value: 0x0800 }],
    instructions: [
      {
        instruction: "WRITE_ACTIONS",
        actions: [
          { action: "SET_FIELD", field: "IPV4_DST", value: "192.0.2.1", mask: "255.255.255.0" },
          { action: "METER", meter_id: 1 },
        ],
      },
    ],
  },
};
const others: readonly Message[] = [
  { type: "BARRIER_REQUEST", version: 4, xid: 7 },
  { type: "PORT_STATS_REQUEST", version: 1, msg: { port_no: "ANY" } },
  { type: "HELLO", version: 6, msg: { versions: [1, 4, 6] } },
];

for (const message of [flow10, flow11, flow12, flow13, flow14, flow15, ...others]) {
  const frame = encodeMessage(message);
  check(frame[0] === message.version, `${message.type} has the version that it says`);
  const back = decodeMessage(frame);
  check(back.type === message.type, `${message.type} comes back`);
  check(Buffer.compare(encodeMessage(back), frame) === 0, `${message.type} encodes to the same bytes`);
  check(JSON.parse(decodeToText(frame)).type === message.type, `${message.type} is JSON`);
}

const back = decodeMessage(encodeMessage(flow12));
if (back.type === "FLOW_MOD") check(back.msg.cookie === "9223372036854775808", "no digit is lost");
check(encodeMessage({ type: "BARRIER_REQUEST" }, { version: 1, xid: 9 })[7] === 9, "options fill in");

const packet = Uint8Array.from([...Array(12).fill(2), 0x88, 0xcc, ...Array(46).fill(0)]);
const match: Field[] = matchFromPacket(packet, 1, 4, { only: ["IN_PORT", "ETH_TYPE"] });
check(JSON.stringify(match.map(({ value }) => value)) === "[1,35020]", "a packet has a match");
check(matchCovers(match, packet, 1, 4) && !matchCovers(match, packet, 2, 4), "which takes it at this port");

// @ts-expect-error there is no such command
const noCommand: FlowMod = { type: "FLOW_MOD", msg: { table_id: 0, command: "APPEND" } };
// @ts-expect-error a key is missing
const noTable: FlowMod = { type: "FLOW_MOD", version: 4, msg: { command: "ADD" } };
// @ts-expect-error there is no such key
const noKey: FlowMod = { type: "FLOW_MOD", version: 4, msg: { table_id: 0, command: "ADD", prio: 1 } };
// @ts-expect-error flags are a list
const noList: FlowMod = { type: "FLOW_MOD", msg: { table_id: 0, command: "ADD", flags: "CHECK_OVERLAP" } };
// @ts-expect-error there is no OpenFlow 1.6
const noVersion: FlowMod = { type: "FLOW_MOD", version: 7, msg: { table_id: 0, command: "ADD" } };
// @ts-expect-error an address is a text
const noAddress: Field = { field: "ETH_DST", value: 1 };
// @ts-expect-error the port is called port_no
const noPort: Action = { action: "OUTPUT", port: 1 };
// @ts-expect-error there is no such message
const noMessage: MessageTypes["FLOW_MODE"] = undefined;
// What types cannot see is told when it is encoded.
for (const wrong of [noCommand, noTable, noKey, noList, noVersion] as Message[]) {
  let told = "";
  try {
    encodeMessage(wrong, { version: 4 });
  } catch (error) {
    if (error instanceof EncodeError) told = error.message;
  }
  check(told !== "", `${JSON.stringify(wrong)} is refused`);
}
check([noAddress, noPort, noMessage].length === 3, "they are values all the same");

try {
  decodeMessage(Uint8Array.of(4, 14, 0, 8, 0, 0, 0, 1));
  check(false, "a FLOW_MOD of 8 bytes is refused");
} catch (error) {
  check(error instanceof DecodeError && error.code === "SHORT", "it is too short");
}
const line = "priority=5,ip,nw_dst=10.0.0.0/8 actions=output:2";
const parsed: FlowMod | NxtFlowMod = parseOvsFlow(line, { version: 4 });
const [printed] = formatOvsFlow(decodeMessage(encodeMessage(parsed)));
check(printed === line, "a flow of Open vSwitch goes there and back");
check("$defs" in (await loadJsonSchema()), "there is a schema");
console.log("as it should be");
