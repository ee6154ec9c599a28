/**
 * `npm run bench -- --captures [--quick] [--no-tshark]`: captures read by `oftr decode` in several ways, and the first one by tshark,
 * which prints type, transaction id and time of each message; once, as it takes minutes. For each round wall and CPU time, and
 * for all the most memory that one took (Linux).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { INPUTS, makeInput } from "./messages.mjs";

/** Bytes of a segment: what an Ethernet frame holds. */
const MSS = 1448;

/** How often the memory of a program is looked at, milliseconds. */
const GLANCE = 20;

/** Ways to read a capture. */
const MODES = [["-j"], [], ["--brief"], ["--summary"], ["--pair", "-j"]];

/** Connections of the second capture, and messages that each side of one sends. */
const CONNECTIONS = 5000;
const TURNS = 40;

/**
 * @param ours  the command of oftr, without arguments
 * @param cpu  gives the CPU time of all children that have ended, seconds
 */
export async function benchCaptures({ ours, folder, rounds, quick, tshark, cpu }) {
  const file = join(folder, "bench.pcap");
  const bytes = writeCapture(file, makeInput(INPUTS["mix of 20 types"], 20_000), quick ? 2e6 : 200e6);
  const others = join(folder, "connections.pcap");
  const otherBytes = writeConnections(others, quick ? 50 : CONNECTIONS);
  const fields = ["openflow_v4.type", "openflow_v4.xid", "frame.time_epoch"].flatMap((name) => ["-e", name]);
  const dissect = ["tshark", "-r", file, "-d", "tcp.port==6653,openflow", "-T", "fields", ...fields];

  console.log(`a capture of ${(bytes / 1e6).toFixed(0)} MB, one connection`);
  for (const mode of MODES) await print(mode, rounds, [...ours, "decode", ...mode, file]);
  if (tshark) await print(["tshark -T fields"], 1, dissect);
  console.log(
    `a capture of ${(otherBytes / 1e6).toFixed(0)} MB, many connections, half of the requests without a reply`,
  );
  for (const mode of MODES) await print(mode, rounds, [...ours, "decode", ...mode, others]);

  async function print(name, times, command) {
    const runs = [];
    for (let round = 0; round < times; round++) {
      const before = cpu();
      const run = await measure(command);
      runs.push({ ...run, cpu: cpu() - before });
    }
    const seconds = runs.map((run) => `${run.wall.toFixed(2)} (${run.cpu.toFixed(2)})`).join(" ");
    const most = Math.max(...runs.map(({ kilobytes }) => kilobytes)) / 1024;
    console.log(
      `${(name.join(" ") || "YAML").padEnd(20)} ${most.toFixed(0).padStart(6)} MiB, seconds (CPU): ${seconds}`,
    );
  }
}

/** Writes a capture of connections that go on at the same time: requests and PACKET_INs; gives its size. */
function writeConnections(path, count) {
  const file = openSync(path, "w");
  let written = writeSync(file, fileHeader());
  const packetIn = makeInput(INPUTS["PACKET_IN, 102 bytes"], 1);
  const flows = Array.from({ length: count }, () => ({ up: 1, down: 1 }));
  let n = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const packets = [];
    const send = (k, toSwitch, payload) => {
      const way = toSwitch ? "down" : "up";
      packets.push(packet({ payload, sequence: flows[k][way], n: n++, connection: k, toSwitch }));
      flows[k][way] += payload.length;
    };
    for (let k = 0; k < count; k++) {
      send(k, true, barrier(0x14, turn));
      send(k, false, turn % 2 === 0 ? barrier(0x15, turn) : packetIn);
    }
    written += writeSync(file, Buffer.concat(packets));
  }
  closeSync(file);
  return written;
}

/** A BARRIER_REQUEST or BARRIER_REPLY of OpenFlow 1.3. */
function barrier(type, xid) {
  const b = Buffer.from([4, type, 0, 8, 0, 0, 0, 0]);
  b.writeUInt32BE(xid, 4);
  return b;
}

/** Of a pcap file with nanoseconds, of Ethernet. */
function fileHeader() {
  const header = Buffer.alloc(24);
  for (const [n, word] of [0xa1b23c4d, 0x00040002, 0, 0, 262_144, 1].entries())
    header.writeUInt32LE(word, n * 4);
  return header;
}

/** Writes a capture of about `size` bytes in which one side sends `messages` over and over; gives its size. */
function writeCapture(path, messages, size) {
  const file = openSync(path, "w");
  let written = writeSync(file, fileHeader());
  let sequence = 1;
  for (let n = 0; written < size; ) {
    const packets = [];
    for (let at = 0; at < messages.length; at += MSS, n++) {
      const payload = messages.subarray(at, at + MSS);
      packets.push(packet({ payload, sequence, n, connection: 0, toSwitch: false }));
      sequence = (sequence + payload.length) >>> 0;
    }
    written += writeSync(file, Buffer.concat(packets));
  }
  closeSync(file);
  return written;
}

/** The `n`th packet of a capture. @param connection  number that makes the address of the switch */
function packet({ payload, sequence, n, connection, toSwitch }) {
  const b = Buffer.alloc(16 + 14 + 20 + 20 + payload.length);
  b.writeUInt32LE(1_700_000_000 + Math.floor(n / 100_000), 0);
  b.writeUInt32LE((n % 100_000) * 10_000, 4);
  b.writeUInt32LE(b.length - 16, 8);
  b.writeUInt32LE(b.length - 16, 12);
  b.writeUInt16BE(0x0800, 28);
  b[30] = 0x45;
  b.writeUInt16BE(40 + payload.length, 32);
  b[38] = 64;
  b[39] = 6;
  const ends = [
    { address: 0x0a010000 + connection, port: 40_000 },
    { address: 0x0a000001, port: 6653 },
  ];
  const [from, to] = toSwitch ? ends.reverse() : ends;
  b.writeUInt32BE(from.address, 42);
  b.writeUInt32BE(to.address, 46);
  b.writeUInt16BE(from.port, 50);
  b.writeUInt16BE(to.port, 52);
  b.writeUInt32BE(sequence, 54);
  b[62] = 0x50;
  b[63] = 0x10;
  b.writeUInt16BE(0xffff, 64);
  payload.copy(b, 70);
  return b;
}

/** Runs a command, its output thrown away. Rejects when it fails. */
async function measure([program, ...args]) {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "ignore"] });
  let kilobytes = Number.NaN;
  const timer = setInterval(() => {
    kilobytes = peakOf(child.pid) ?? kilobytes;
  }, GLANCE);
  try {
    const [status] = await once(child, "exit");
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: exit code ${status}`);
  } finally {
    clearInterval(timer);
  }
  return { wall: (performance.now() - start) / 1000, kilobytes };
}

/** The most memory that a process has had so far, KiB; undefined where there is no /proc, or no process any more. */
function peakOf(pid) {
  try {
    const found = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}
