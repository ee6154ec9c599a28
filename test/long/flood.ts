/**
 * Switches in a process of their own that send without a pause: `flood.ts PORT COUNT`. They connect, are asked who they are, and wait. Each
 * line on stdin is an order, each line on stdout what came of it.
 *
 *     flood     PACKET_INs as fast as they are taken, and a PORT_STATUS each 50 ms   flooding
 *     calm      no more of them; each switch sends a BARRIER_REPLY last             calm PACKET_INS PORT_STATUSES
 *
 * The xid of a PORT_STATUS counts those of its switch, from 1. That of the BARRIER_REPLY is 0xbeef.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const HEADER = 8;
const TYPE = { ECHO_REQUEST: 2, ECHO_REPLY: 3, FEATURES_REQUEST: 5, MULTIPART_REQUEST: 18 } as const;
const [port, count] = process.argv.slice(2).map(Number) as [number, number];

const HELLO = Buffer.from("0400000800000000", "hex");
const PORT_DESC_REPLY = Buffer.from("0413001000000002000d000000000000", "hex");
const BARRIER_REPLY = Buffer.from("041500080000beef", "hex");
/** From port 1, with 60 bytes: 102 bytes. */
const PACKET_IN = Buffer.from(
  `040a006600000000ffffffff003c00000000000000000000 0001000c800000040000000100000000 0000 ffffffffffff0200000000010800${"00".repeat(46)}`.replaceAll(
    " ",
    "",
  ),
  "hex",
);
const PACKET_INS = 500;
const PIECE = Buffer.concat(Array.from({ length: PACKET_INS }, () => PACKET_IN));

function featuresReply(datapath: number): Buffer {
  const reply = Buffer.from("0406002000000001000000000000000000000000fe0000000000004f00000000", "hex");
  reply.writeUInt32BE(datapath, 12);
  return reply;
}

function portStatus(xid: number): Buffer {
  const message = Buffer.concat([Buffer.from("040c0050", "hex"), Buffer.alloc(76)]);
  message.writeUInt32BE(xid, 4);
  message.writeUInt8(2, 8);
  message.writeUInt32BE(1, 16);
  return message;
}

let flooding = false;
const sent = { packetIns: 0, portStatuses: 0 };
const floods: Promise<void>[] = [];

function startSwitch(datapath: number): Socket {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let held: Buffer = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("connect", () => socket.write(HELLO));
  socket.on("data", (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= HEADER && held.length >= held.readUInt16BE(2)) {
      const frame = held.subarray(0, held.readUInt16BE(2));
      held = held.subarray(frame.length);
      if (frame[1] === TYPE.FEATURES_REQUEST) socket.write(featuresReply(datapath));
      else if (frame[1] === TYPE.MULTIPART_REQUEST) socket.write(PORT_DESC_REPLY);
      else if (frame[1] === TYPE.ECHO_REQUEST) {
        const reply = Buffer.from(frame);
        reply[1] = TYPE.ECHO_REPLY;
        socket.write(reply);
      }
    }
  });
  return socket;
}

async function flood(socket: Socket): Promise<void> {
  let statuses = 0;
  const ticker = setInterval(() => {
    socket.write(portStatus(++statuses));
    sent.portStatuses++;
  }, 50);
  while (flooding) {
    sent.packetIns += PACKET_INS;
    if (!socket.write(PIECE)) await once(socket, "drain");
    // Timers of this process have their turn, too.
    await new Promise((resolve) => setImmediate(resolve));
  }
  clearInterval(ticker);
  socket.write(BARRIER_REPLY);
}

const switches = Array.from({ length: count }, (_, n) => startSwitch(n + 1));

createInterface({ input: process.stdin }).on("line", async (line) => {
  flooding = line === "flood";
  if (flooding) {
    // A daemon that ends takes the connections with it.
    floods.push(...switches.map((socket) => flood(socket).catch(() => undefined)));
    console.log("flooding");
    return;
  }
  await Promise.all(floods);
  console.log(`calm ${sent.packetIns} ${sent.portStatuses}`);
});
