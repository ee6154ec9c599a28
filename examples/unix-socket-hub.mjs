/**
 * The smallest controller: each switch that connects floods every packet. It speaks JSON-RPC 2.0 to a daemon on a
 * Unix socket, one text per line, and runs until the daemon ends:
 *
 *     oftr jsonrpc --listen unix:/run/oftr/rpc.sock --openflow tcp:0.0.0.0:6653
 *     node examples/unix-socket-hub.mjs /run/oftr/rpc.sock
 *
 * When it connects, it gets a CHANNEL_UP for each switch that is already connected.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";

const socket = connect(process.argv[2] ?? "/run/oftr/rpc.sock");
let lastId = 0;

/** A flow of the lowest priority: what no other flow takes goes out at all ports but the one where it came in. */
const FLOOD = {
  command: "ADD",
  table_id: 0,
  priority: 0,
  match: [],
  instructions: [{ instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: "FLOOD" }] }],
};

function request(method, params) {
  socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: ++lastId, method, params })}\n`);
}

createInterface({ input: socket }).on("line", (line) => {
  const { method, params, error } = JSON.parse(line);
  if (error !== undefined) console.error(`refused: ${error.message}`);
  if (method !== "OFP.MESSAGE") return;
  const { type, datapath_id, msg } = params;
  if (type === "CHANNEL_UP") {
    console.log(`${datapath_id} is up, from ${msg.endpoint}`);
    request("OFP.SEND", { type: "FLOW_MOD", datapath_id, msg: FLOOD });
  } else if (type === "CHANNEL_DOWN") console.log(`${datapath_id} is down`);
});

socket.on("error", (error) => {
  console.error(`cannot reach oftr: ${error.message}`);
  process.exitCode = 1;
});
