/**
 * `npm run bench -- [--peer PATH] [--rounds N] [--quick]`: whole processes, from start to end, output to /dev/null.
 *
 * Makes its inputs in a temporary folder, runs ours and the peer (another program with the same command line, such as
 * the C++ `oftr`) in turns, and prints medians. CPU is user and system time of the process, from /proc (Linux).
 * --quick: one round of small inputs, to see that it works; its figures mean nothing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { INPUTS, makeInput } from "./messages.mjs";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    rounds: { type: "string", default: "7" },
    quick: { type: "boolean", default: false },
  },
});
const rounds = values.quick ? 1 : Number(values.rounds);
const decodeCount = values.quick ? 2000 : 300_000;
const encodeCount = values.quick ? 1000 : 100_000;
const startRounds = values.quick ? 1 : 31;

const OURS = [process.execPath, fileURLToPath(new URL("../bin/oftr.js", import.meta.url))];
const PEER = values.peer === undefined ? undefined : [values.peer];
const folder = mkdtempSync(join(tmpdir(), "oftr-bench-"));
/** One clock tick of /proc/self/stat, seconds: 100 ticks a second on every Linux that Node runs on. */
const TICK = 0.01;
const SINK = openSync("/dev/null", "w");

try {
  runBenchmarks();
} finally {
  rmSync(folder, { recursive: true });
}

function runBenchmarks() {
  const decode = [];
  const encode = [];
  for (const [name, make] of Object.entries(INPUTS)) {
    const binary = join(folder, "messages.bin");
    writeFileSync(binary, makeInput(make, decodeCount));
    decode.push(compare(`decode -j: ${name}`, decodeCount, ["decode", "-j", binary]));
    decode.push(compare(`decode: ${name}`, decodeCount, ["decode", binary]));
    writeFileSync(binary, makeInput(make, encodeCount));
    const lines = join(folder, "messages.jsonl");
    // The lines of the peer, where there is one: both read them.
    run([...(PEER ?? OURS), "decode", "-j", "-o", lines, binary]);
    encode.push(compare(`encode -j: ${name}`, encodeCount, ["encode", "-j", lines]));
  }
  printTable([...decode, ...encode]);
  printStarts();
}

/** Runs ours and the peer in turns. */
function compare(name, count, args) {
  const ours = [];
  const peer = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(run([...OURS, ...args]));
    if (PEER !== undefined) peer.push(run([...PEER, ...args]));
  }
  return { name, count, ours: medians(ours), peer: PEER === undefined ? undefined : medians(peer) };
}

/** Start-up in milliseconds, beside that of Node with nothing to do. */
function printStarts() {
  const one = join(folder, "one.bin");
  writeFileSync(one, makeInput(INPUTS["FLOW_MOD, 152 bytes"], 1));
  const json = join(folder, "one.jsonl");
  run([...OURS, "decode", "-j", "-o", json, one]);
  const cases = {
    "node -e 0": [process.execPath, "-e", "0"],
    "oftr --version": [...OURS, "--version"],
    "oftr decode -j, one message": [...OURS, "decode", "-j", one],
    "oftr decode, one message": [...OURS, "decode", one],
    "oftr encode -j, one message": [...OURS, "encode", "-j", json],
  };
  const runs = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < startRounds; round++) {
    for (const [name, command] of Object.entries(cases)) runs[name].push(run(command));
  }
  const nothing = medians(runs["node -e 0"]).wall;
  console.log(`\n${"start-up".padEnd(36)}${"ms".padStart(10)}${"x node".padStart(10)}`);
  for (const [name, list] of Object.entries(runs)) {
    const { wall } = medians(list);
    console.log(
      name.padEnd(36) + (wall * 1000).toFixed(1).padStart(10) + (wall / nothing).toFixed(2).padStart(10),
    );
  }
}

function printTable(rows) {
  const columns = ["messages/s", "wall s", "cpu s", "peer wall", "peer cpu", "x wall", "x cpu"];
  console.log(`median of ${rounds}`.padEnd(36) + columns.map((column) => column.padStart(11)).join(""));
  for (const { name, count, ours, peer } of rows) {
    const cells = [Math.round(count / ours.wall), ours.wall.toFixed(2), ours.cpu.toFixed(2)];
    if (peer !== undefined) {
      cells.push(peer.wall.toFixed(2), peer.cpu.toFixed(2));
      cells.push((peer.wall / ours.wall).toFixed(2), (peer.cpu / ours.cpu).toFixed(2));
    }
    console.log(name.padEnd(36) + cells.map((cell) => String(cell).padStart(11)).join(""));
  }
}

/** Runs a command to its end; wall and CPU seconds. Ends the benchmark when it fails. */
function run([program, ...args]) {
  const cpu = cpuOfChildren();
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { stdio: ["ignore", SINK, "pipe"] });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stderr}`);
  return { wall, cpu: cpuOfChildren() - cpu };
}

/** User and system time of all children that have ended, seconds; NaN where there is no /proc. */
function cpuOfChildren() {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[13]) + Number(fields[14])) * TICK;
  } catch {
    return Number.NaN;
  }
}

function medians(runs) {
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return { wall: median(runs.map((r) => r.wall)), cpu: median(runs.map((r) => r.cpu)) };
}
