/**
 * `npm run bench -- --captures [--quick]`: a capture of an OpenFlow connection, read by `oftr decode` and by tshark, which prints type,
 * transaction id and time of each message. Wall time of each round, and the most memory that a round took (Linux).
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

/** @param ours  the command of oftr, without arguments */
export async function benchCaptures({ ours, folder, rounds, quick }) {
  const file = join(folder, "bench.pcap");
  const bytes = writeCapture(file, makeInput(INPUTS["mix of 20 types"], 20_000), quick ? 2e6 : 200e6);
  const fields = ["openflow_v4.type", "openflow_v4.xid", "frame.time_epoch"].flatMap((name) => ["-e", name]);
  const commands = {
    "oftr decode -j": [...ours, "decode", "-j", file],
    "oftr decode": [...ours, "decode", file],
    "tshark -T fields": ["tshark", "-r", file, "-d", "tcp.port==6653,openflow", "-T", "fields", ...fields],
  };
  console.log(`a capture of ${(bytes / 1e6).toFixed(0)} MB`);
  for (const [name, command] of Object.entries(commands)) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await measure(command));
    const walls = runs.map(({ wall }) => wall.toFixed(2)).join(" ");
    const most = Math.max(...runs.map(({ kilobytes }) => kilobytes)) / 1024;
    console.log(`${name.padEnd(20)} ${most.toFixed(0).padStart(6)} MiB, seconds: ${walls}`);
  }
}

/** Writes a capture of about `size` bytes in which one side sends `messages` over and over; gives its size. */
function writeCapture(path, messages, size) {
  const file = openSync(path, "w");
  const header = Buffer.alloc(24);
  for (const [n, word] of [0xa1b23c4d, 0x00040002, 0, 0, 262_144, 1].entries())
    header.writeUInt32LE(word, n * 4);
  let written = writeSync(file, header);
  let sequence = 1;
  for (let n = 0; written < size; ) {
    const packets = [];
    for (let at = 0; at < messages.length; at += MSS, n++) {
      const payload = messages.subarray(at, at + MSS);
      packets.push(packet(payload, sequence, n));
      sequence = (sequence + payload.length) >>> 0;
    }
    written += writeSync(file, Buffer.concat(packets));
  }
  closeSync(file);
  return written;
}

function packet(payload, sequence, n) {
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
  b.set([10, 0, 0, 1, 10, 0, 0, 2], 42);
  b.writeUInt16BE(40_000, 50);
  b.writeUInt16BE(6653, 52);
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
