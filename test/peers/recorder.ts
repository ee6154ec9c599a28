/** What ovs-ofctl sends: it is told that a switch is there, and its FLOW_MODs are kept. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./programs.js";

const NICIRA = 0x2320;

/** Types of messages that are the same in all versions, and those of which a switch knows the answer. */
const HELLO = 0;
const ECHO_REQUEST = 2;
const EXPERIMENTER = 4;
const FLOW_MOD = 14;

/** Subtypes of Nicira's messages. */
const NXT_FLOW_MOD = 13;
const NXT_TLV_TABLE_REQUEST = 25;
const NXT_TLV_TABLE_REPLY = 26;

/** The tunnel options that the switch has: each of the 64 fields has an option of 4 bytes. */
const FIELDS = 64;
const OPTION_BYTES = 4;

/**
 * The FLOW_MODs, or NXT_FLOW_MODs of 1.0, that `ovs-ofctl add-flows` makes of lines of its own notation, in their order.
 * @param version  wire version
 * @param format  which of its messages 1.0 is to use: its own, or Nicira's
 */
export async function recordFlows(
  version: number,
  lines: readonly string[],
  format?: "OpenFlow10" | "NXM",
): Promise<Buffer[]> {
  const flows: Buffer[] = [];
  const server = createServer((socket) => serve(socket, version, flows));
  const folder = mkdtempSync(join(tmpdir(), "oftr-recorder-"));
  try {
    const port = await listen(server);
    const file = join(folder, "flows");
    writeFileSync(file, `${lines.join("\n")}\n`);
    const only = format === undefined ? [] : ["-F", format];
    const options = ["--no-names", "-O", `OpenFlow1${version - 1}`, ...only];
    await runProgram("ovs-ofctl", [...options, "add-flows", `tcp:127.0.0.1:${port}`, file], {
      limit: 60_000,
    });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
  return flows;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
}

function serve(socket: Socket, version: number, flows: Buffer[]): void {
  let left = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    left = Buffer.concat([left, data]);
    while (left.length >= 8 && left.length >= left.readUInt16BE(2)) {
      const length = left.readUInt16BE(2);
      const frame = Buffer.from(left.subarray(0, length));
      left = left.subarray(length);
      const answer = receive(frame, version, flows);
      if (answer !== undefined) socket.write(answer);
    }
  });
}

/** Keeps a flow; returns the answer of a switch to everything else. */
function receive(frame: Buffer, version: number, flows: Buffer[]): Buffer | undefined {
  const barrier = version === 1 ? 18 : 20;
  const xid = frame.readUInt32BE(4);
  switch (frame[1]) {
    case HELLO:
      return message(version, HELLO, xid);
    case ECHO_REQUEST:
      return message(version, ECHO_REQUEST + 1, xid, frame.subarray(8));
    case FLOW_MOD:
      flows.push(frame);
      return undefined;
    case barrier:
      return message(version, barrier + 1, xid);
    case EXPERIMENTER: {
      const subtype = frame.readUInt32BE(12);
      if (subtype === NXT_FLOW_MOD) flows.push(frame);
      return subtype === NXT_TLV_TABLE_REQUEST
        ? message(version, EXPERIMENTER, xid, tunnelOptions())
        : undefined;
    }
    default:
      return undefined;
  }
}

function message(version: number, type: number, xid: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([version, type, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(8 + body.length, 2);
  head.writeUInt32BE(xid, 4);
  return Buffer.concat([head, body]);
}

/** The body of NXT_TLV_TABLE_REPLY: space, fields, and of each its option (class, type, length, field). */
function tunnelOptions(): Buffer {
  const body = Buffer.alloc(24 + 8 * FIELDS);
  body.writeUInt32BE(NICIRA, 0);
  body.writeUInt32BE(NXT_TLV_TABLE_REPLY, 4);
  body.writeUInt32BE(FIELDS * OPTION_BYTES, 8);
  body.writeUInt16BE(FIELDS, 12);
  for (let i = 0; i < FIELDS; i++) {
    const at = 24 + 8 * i;
    body.writeUInt16BE(0xffff, at);
    body[at + 2] = i;
    body[at + 3] = OPTION_BYTES;
    body.writeUInt16BE(i, at + 4);
  }
  return body;
}

/** The messages in a stream. */
export function splitFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let p = 0; p < bytes.length; p += bytes.readUInt16BE(p + 2))
    frames.push(bytes.subarray(p, p + bytes.readUInt16BE(p + 2)));
  return frames;
}
