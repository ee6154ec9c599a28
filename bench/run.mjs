/**
 * `npm run bench -- [--peer PATH] [--rounds N] [--quick] [--versions] [--only TEXT] [--daemon]`: whole processes, from start to end, output to /dev/null.
 *
 * Makes its inputs in a temporary folder, runs ours and the peer (another program with the same command line, such as
 * the C++ `oftr`) in turns, and prints medians. CPU is user and system time of the process, from /proc (Linux).
 * --daemon: the daemon under load instead, see daemon.mjs.
 * --captures: a capture of 200 MB, beside tshark, see captures.mjs; --no-tshark leaves that out.
 * --versions: FLOW_MOD of each OpenFlow version in the place of the other inputs.
 * --only: the rows with TEXT in their names, as `--only "decode -j: FLOW_MOD 1.1"`; nothing else is measured then.
 * --quick: one round of small inputs, to see that it works; its figures mean nothing. On a machine that does other things
 * meanwhile the column of CPU is the one to look at.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchCaptures } from "./captures.mjs";
import { benchDaemon } from "./daemon.mjs";
import { FLOW_MODS, INPUTS, makeInput, PACKETS } from "./messages.mjs";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    versions: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    daemon: { type: "boolean", default: false },
    captures: { type: "boolean", default: false },
    "no-tshark": { type: "boolean", default: false },
  },
});
const rounds = values.quick ? 1 : Number(values.rounds);
const startRounds = values.quick ? 1 : 31;
/** Messages per run: enough that starting and warming up are a small part, as they are for whoever cares for speed. */
const COUNT = values.quick
  ? { decode: 2000, packets: 2000, encode: 1000, jobs: 20_000 }
  : { decode: 1_000_000, packets: 300_000, encode: 600_000, jobs: 6_800_000 };

const OURS = [process.execPath, fileURLToPath(new URL("../bin/oftr.js", import.meta.url))];
const PEER = values.peer === undefined ? undefined : [values.peer];
const folder = mkdtempSync(join(tmpdir(), "oftr-bench-"));
/** One clock tick of /proc/self/stat, seconds: 100 ticks a second on every Linux that Node runs on. */
const TICK = 0.01;
const SINK = openSync("/dev/null", "w");

try {
  if (values.daemon) {
    await benchDaemon({ ours: OURS, peer: PEER, rounds, quick: values.quick });
  } else if (values.captures) {
    const tshark = !values["no-tshark"];
    await benchCaptures({ ours: OURS, folder, rounds, quick: values.quick, tshark, cpu: cpuOfChildren });
  } else runBenchmarks();
} finally {
  rmSync(folder, { recursive: true });
}

function runBenchmarks() {
  const inputs = values.versions ? FLOW_MODS : INPUTS;
  const binary = join(folder, "messages.bin");
  const rows = chosenRows(inputs, binary).map((row) => row());
  printTable(rows);
  if (values.only !== "") return;
  printJobs(binary);
  printStarts();
}

/** The rows of the table that are asked for, as functions that measure them. */
function chosenRows(inputs, binary) {
  const rows = [];
  const add = (name, count, make, measure) => {
    if (!name.includes(values.only)) return;
    rows.push(() => {
      writeMessages(binary, make, count);
      return { name, count, ...measure() };
    });
  };
  for (const [name, make] of Object.entries(inputs)) {
    const args = ["decode", "-j", binary];
    add(`decode -j: ${name}`, COUNT.decode, make, () => compare(args, ["--jobs=1"]));
  }
  if (!values.versions) {
    const [[name, make]] = Object.entries(PACKETS);
    const args = ["decode", "-j", "--pkt-decode", binary];
    add(`with --pkt-decode: ${name}`, COUNT.packets, make, () => compare(args, ["--jobs=1"]));
  }
  for (const [name, make] of Object.entries(inputs)) {
    add(`encode -j: ${name}`, COUNT.encode, make, () => {
      const lines = join(folder, "messages.jsonl");
      // The lines of the peer, where there is one: both read them.
      run([...(PEER ?? OURS), "decode", "-j", "-o", lines, binary]);
      return compare(["encode", "-j", lines]);
    });
  }
  if (!values.versions) {
    for (const [name, make] of Object.entries(inputs))
      add(`decode: ${name}`, COUNT.decode, make, () => compare(["decode", binary], ["--jobs=1"]));
  }
  return rows;
}

/** A file of 500 MB decoded by one thread and by two, in turns. */
function printJobs(binary) {
  writeMessages(binary, INPUTS["mix of 20 types"], COUNT.jobs);
  console.log(
    `\n${"threads".padEnd(36)}${["1: wall s", "2: wall s", "1: cpu s", "2: cpu s", "x wall"].map((s) => s.padStart(11)).join("")}`,
  );
  for (const form of ["-j", "--json-array", "--json=0"]) {
    const runs = { 1: [], 2: [] };
    for (let round = 0; round < rounds; round++)
      for (const n of [1, 2]) runs[n].push(run([...OURS, "decode", form, `--jobs=${n}`, binary]));
    const [one, two] = [medians(runs[1]), medians(runs[2])];
    const cells = [one.wall, two.wall, one.cpu, two.cpu, one.wall / two.wall];
    const name = `decode ${form === "--json=0" ? "(YAML)" : form}: mix of 20 types`;
    console.log(name.padEnd(36) + cells.map((cell) => cell.toFixed(2).padStart(11)).join(""));
  }
}

/** Writes `count` messages, 20,000 different ones over and over. */
function writeMessages(path, make, count) {
  const period = Math.min(count, 20_000);
  const bytes = makeInput(make, period);
  const file = openSync(path, "w");
  for (let n = 0; n < count; n += period) writeSync(file, bytes);
  closeSync(file);
}

/** Runs ours and the peer in turns. @param more  options that the peer does not know */
function compare(args, more = []) {
  const ours = [];
  const peer = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(run([...OURS, ...args, ...more]));
    if (PEER !== undefined) peer.push(run([...PEER, ...args]));
  }
  return { ours: medians(ours), peer: PEER === undefined ? undefined : medians(peer) };
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
