/**
 * Many switches in a process of their own: `switches.ts PORT`. Each line on stdin is an order, each line on stdout what came of it.
 *
 *     connect N        N more switches connect and stay        connected N
 *     renew N AT       N connections, AT at a time, which end  renewed N
 *                      when the controller has asked for the
 *                      ports and one barrier has been answered
 *     leave            all that stay end                       left
 *
 * They say no more than a controller must hear, in bytes made beforehand: what is measured is the other process.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const HEADER = 8;
const TYPE = { ECHO_REQUEST: 2, ECHO_REPLY: 3, FEATURES_REQUEST: 5, MULTIPART_REQUEST: 18 } as const;
const PORTS = 4;

const HELLO = Buffer.from("0400000800000000", "hex");
const port = Number(process.argv[2]);
const staying = new Set<Socket>();
let lastDatapath = 0;

function featuresReply(datapath: number): Buffer {
  const reply = Buffer.from("0406002000000001000000000000000000000000fe0000000000004f00000000", "hex");
  reply.writeUInt32BE(datapath, 12);
  return reply;
}

const PORT_DESC_REPLY = Buffer.concat([
  Buffer.from(`0413${(16 + 64 * PORTS).toString(16).padStart(4, "0")}00000002000d000000000000`, "hex"),
  ...Array.from({ length: PORTS }, (_, i) => {
    const one = Buffer.alloc(64);
    one.writeUInt32BE(i + 1, 0);
    one.writeUInt8(2, 8);
    one.write(`port${i + 1}`, 16);
    return one;
  }),
]);

/** One switch. `onUp` is called when it has told its ports. */
function startSwitch(onUp: (socket: Socket) => void): Socket {
  const datapath = ++lastDatapath;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let held: Buffer = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("connect", () => socket.write(HELLO));
  socket.on("data", (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= HEADER && held.length >= held.readUInt16BE(2)) {
      const frame = held.subarray(0, held.readUInt16BE(2));
      held = held.subarray(frame.length);
      if (frame[1] === TYPE.ECHO_REQUEST) {
        const reply = Buffer.from(frame);
        reply[1] = TYPE.ECHO_REPLY;
        socket.write(reply);
      } else if (frame[1] === TYPE.FEATURES_REQUEST) socket.write(featuresReply(datapath));
      else if (frame[1] === TYPE.MULTIPART_REQUEST) {
        socket.write(PORT_DESC_REPLY);
        onUp(socket);
      }
    }
  });
  return socket;
}

function connectAll(count: number): void {
  let up = 0;
  for (let i = 0; i < count; i++) {
    const socket = startSwitch(() => {
      if (++up === count) console.log(`connected ${count}`);
    });
    staying.add(socket);
  }
}

function renew(count: number, atATime: number): void {
  let begun = 0;
  let ended = 0;
  const next = (): void => {
    if (begun === count) return;
    begun++;
    const socket = startSwitch((up) => {
      // Half of them go without a word.
      if (begun % 2 === 0) up.end();
      else up.resetAndDestroy();
    });
    socket.once("close", () => {
      ended++;
      if (ended === count) console.log(`renewed ${count}`);
      else next();
    });
  };
  for (let i = 0; i < atATime; i++) next();
}

function leave(): void {
  for (const socket of staying) socket.end();
  staying.clear();
  console.log("left");
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const [order, count, atATime] = line.split(" ");
  if (order === "connect") connectAll(Number(count));
  else if (order === "renew") renew(Number(count), Number(atATime));
  else leave();
});
