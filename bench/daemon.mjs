/**
 * `npm run bench -- --daemon [--peer PATH] [--rounds N] [--quick]`: the daemon under load, ours and the peer in turns, medians.
 *
 * PACKET_INs of 16 switches that send without a pause, as events with `_pkt`; FLOW_MODs that a client sends by OFP.SEND without id; the way
 * of a PACKET_IN to the client and of its PACKET_OUT back. CPU is user and system time of the daemon while the load lasts.
 */
import { once } from "node:events";
import { connectSwitch, Daemon, freePort } from "./load.mjs";
import { flowModRequest, makeInput, PACKETS } from "./messages.mjs";

const SWITCHES = 16;
/** Bytes that are written to a socket or pipe at a time. */
const PIECE = 65536;
const [PACKET_IN] = Object.values(PACKETS);
const PACKET_IN_BYTES = 142;
const FLOW_MOD_BYTES = 152;
const ECHO_REPLY = Buffer.from("0403000800000001", "hex");
/** Events of 1 kB each that the daemon may be ahead of its client: half of what ours keeps for it. */
const MOST_UNDER_WAY = 8000;
/** Pieces of FLOW_MODs that may be under way. */
const MOST_PIECES = 100;

/** Runs the three, and prints a table for each. */
export async function benchDaemon({ ours, peer, rounds, quick }) {
  const events = quick ? 20_000 : 400_000;
  const sends = quick ? 10_000 : 60_000;
  const turns = quick ? 200 : 6000;
  const both = async (load, ...args) => {
    const runs = { ours: [], peer: [] };
    for (let round = 0; round < rounds; round++) {
      runs.ours.push(await withDaemon(ours, load, ...args));
      if (peer !== undefined) runs.peer.push(await withDaemon(peer, load, ...args));
    }
    return runs;
  };
  print("PACKET_INs to events with _pkt", "events/s", await both(flood, events));
  print("OFP.SEND of FLOW_MODs", "messages/s", await both(send, sends));
  print("PACKET_IN, event, OFP.SEND, PACKET_OUT", "us", await both(pingPong, turns));
}

async function withDaemon(command, load, ...args) {
  const daemon = new Daemon(command);
  try {
    return await load(daemon, ...args);
  } finally {
    await daemon.end();
  }
}

/** Events per second, and CPU seconds per million events. */
async function flood(daemon, count) {
  const port = await freePort();
  await daemon.listen(port);
  const sockets = [];
  for (let n = 0; n < SWITCHES; n++) sockets.push(await connectSwitch(port, daemon));
  const pieces = cut(makeInput(PACKET_IN, 20_000), PACKET_IN_BYTES);
  // Code that is used for the first time is slow in both.
  await pourEvents(daemon, sockets, pieces, 100);
  const run = await pourEvents(daemon, sockets, pieces, Math.ceil(count / pieces.perPiece));
  for (const socket of sockets) socket.destroy();
  return run;
}

/**
 * Writes so many pieces, each to the next of the switches, and waits for their events. No more are under way than a client may be behind:
 * a daemon that leaves out PACKET_INs for one that is too slow would look fast.
 */
async function pourEvents(daemon, sockets, pieces, total) {
  const [cpu, own, start, before] = [daemon.cpu(), process.cpuUsage(), performance.now(), daemon.texts];
  for (let n = 0; n < total; n++) {
    while (n * pieces.perPiece - (daemon.texts - before) > MOST_UNDER_WAY) await daemon.output();
    const socket = sockets[n % sockets.length];
    if (!socket.write(pieces[n % pieces.length])) await once(socket, "drain");
  }
  while (daemon.texts - before < total * pieces.perPiece) await daemon.output();
  return figures(total * pieces.perPiece, start, daemon.cpu() - cpu, process.cpuUsage(own));
}

function figures(count, start, cpu, { user, system }) {
  const seconds = (performance.now() - start) / 1000;
  return { value: count / seconds, cpu: (cpu / count) * 1e6, load: (user + system) / count };
}

/** Pieces of whole messages of one size. */
function cut(bytes, size) {
  const perPiece = Math.floor(PIECE / size);
  const pieces = [];
  for (let o = 0; o + perPiece * size <= bytes.length; o += perPiece * size) {
    pieces.push(bytes.subarray(o, o + perPiece * size));
  }
  return Object.assign(pieces, { perPiece });
}

/** Messages per second, and CPU microseconds for each. */
async function send(daemon, count) {
  const port = await freePort();
  await daemon.listen(port);
  const socket = await connectSwitch(port, daemon);
  const perPiece = 100;
  const pieces = Array.from({ length: 100 }, (_, piece) => {
    const texts = Array.from({ length: perPiece }, (_, n) => `${flowModRequest(piece * perPiece + n)}\0`);
    return Buffer.from(texts.join(""));
  });
  let bytes = 0;
  let wake = () => {};
  socket.on("data", (chunk) => {
    bytes += chunk.length;
    wake();
  });
  const sendAll = async (total) => {
    const [cpu, own, start] = [daemon.cpu(), process.cpuUsage(), performance.now()];
    const before = bytes;
    for (let n = 0; n <= total; n++) {
      // Nothing must be refused because the switch is behind.
      const least = (n < total ? n - MOST_PIECES : total) * perPiece * FLOW_MOD_BYTES;
      while (bytes - before < least) await new Promise((resolve) => (wake = resolve));
      if (n < total && !daemon.stdin.write(pieces[n % pieces.length])) await once(daemon.stdin, "drain");
    }
    return figures(total * perPiece, start, daemon.cpu() - cpu, process.cpuUsage(own));
  };
  // A switch that says nothing is asked whether it is there, and given up.
  const alive = setInterval(() => socket.write(ECHO_REPLY), 1000);
  await sendAll(100);
  const run = await sendAll(Math.ceil(count / perPiece));
  clearInterval(alive);
  socket.destroy();
  return run;
}

/** Microseconds from a PACKET_IN to the PACKET_OUT: the median, after as many that do not count. */
async function pingPong(daemon, count) {
  const port = await freePort();
  await daemon.listen(port);
  const socket = await connectSwitch(port, daemon);
  const packetIn = makeInput(PACKET_IN, 1);
  const data = packetIn.subarray(42).toString("hex");
  const msg = { buffer_id: "NO_BUFFER", in_port: 1, actions: [{ action: "OUTPUT", port_no: 2 }], data };
  const params = { type: "PACKET_OUT", conn_id: 2, msg };
  const reply = `${JSON.stringify({ method: "OFP.SEND", params })}\0`;
  daemon.onOutput = () => daemon.stdin.write(reply);
  const pass = async (turns) => {
    const times = [];
    const [cpu, own] = [daemon.cpu(), process.cpuUsage()];
    for (let n = 0; n < turns; n++) {
      const start = performance.now();
      socket.write(packetIn);
      await once(socket, "data");
      times.push((performance.now() - start) * 1000);
    }
    const { user, system } = process.cpuUsage(own);
    const value = times.sort((a, b) => a - b)[times.length >> 1];
    return { value, cpu: ((daemon.cpu() - cpu) / turns) * 1e6, load: (user + system) / turns };
  };
  await pass(count);
  const run = await pass(count);
  socket.destroy();
  return run;
}

function print(name, unit, { ours, peer }) {
  const columns = [unit, "cpu us each", "load us each"];
  console.log(`${name.padEnd(40)}${columns.map((column) => column.padStart(14)).join("")}`);
  const median = (list, key) => list.map((run) => run[key]).sort((a, b) => a - b)[list.length >> 1];
  const row = (title, list) => {
    const cells = [
      Math.round(median(list, "value")),
      median(list, "cpu").toFixed(2),
      median(list, "load").toFixed(2),
    ];
    console.log(`  ${title.padEnd(38)}${cells.map((cell) => String(cell).padStart(14)).join("")}`);
  };
  row("ours", ours);
  if (peer.length === 0) return;
  row("peer", peer);
  const ratios = ["value", "cpu"].map((key) =>
    (median(ours, key) / median(peer, key)).toFixed(2).padStart(14),
  );
  console.log(`  ${"ours / peer".padEnd(38)}${ratios.join("")}`);
}
