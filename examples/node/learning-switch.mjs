#!/usr/bin/env node
/**
 * A learning switch, for any number of switches and all versions of OpenFlow, over a WebSocket. Node.js 22 and browsers
 * have WebSocket; for older Node.js there is the package ws.
 *
 *     oftr jsonrpc --listen ws://127.0.0.1:8653/ --openflow tcp:0.0.0.0:6653
 *     node examples/node/learning-switch.mjs ws://127.0.0.1:8653/
 */

const IDLE_TIMEOUT = 60; // seconds
const [url = "ws://127.0.0.1:8653/"] = process.argv.slice(2);
const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;

/** JSON-RPC 2.0 over a WebSocket: one text is one message. */
class Gateway {
  #socket;
  #lastId = 0;
  #waiting = new Map();

  constructor(socket, onEvent) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error, params } = JSON.parse(data);
      if (id === undefined) return onEvent(params);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(Object.assign(new Error(error.message), error));
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the daemon has gone"));
    });
  }

  /** Sends a request and gives its result. */
  request(method, params) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  /** Sends a message to a switch and asks for no answer. What goes wrong comes as a CHANNEL_ALERT. */
  notify(message) {
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", method: "OFP.SEND", params: message }));
  }
}

const output = (port_no) => [{ action: "OUTPUT", port_no, max_len: "NO_BUFFER" }];

const flow = (priority, match, actions, more = {}) => ({
  command: "ADD",
  table_id: 0,
  priority,
  match,
  instructions: [{ instruction: "APPLY_ACTIONS", actions }],
  ...more,
});

/** One switch: which address is behind which of its ports. */
class Switch {
  #gateway;
  #conn_id;
  #ports = new Map();

  constructor(gateway, { conn_id, datapath_id }) {
    this.#gateway = gateway;
    this.#conn_id = conn_id;
    this.name = datapath_id;
  }

  /** Forgets what others have told the switch; what no flow takes comes to us. */
  async begin() {
    const messages = [
      { type: "FLOW_MOD", msg: { command: "DELETE", table_id: "ALL" } },
      { type: "FLOW_MOD", msg: flow(0, [], output("CONTROLLER")) },
    ];
    const { ok, results } = await this.#gateway.request("OFP.SEND_BATCH", {
      conn_id: this.#conn_id,
      messages,
    });
    console.log(`${this.name}: ${ok === messages.length ? "ready" : JSON.stringify(results)}`);
  }

  packetIn({ in_port, buffer_id, data }) {
    const [target, source] = [address(data, 0), address(data, 6)];
    const isMulticast = (Number.parseInt(source.slice(0, 2), 16) & 1) === 1;
    if (!isMulticast && this.#ports.get(source) !== in_port) {
      this.#ports.set(source, in_port);
      console.log(`${this.name}: ${source} is at port ${in_port}`);
    }
    const port = this.#ports.get(target);
    if (port === in_port) return;
    if (port !== undefined) {
      const match = [
        { field: "IN_PORT", value: in_port },
        { field: "ETH_DST", value: target },
      ];
      this.#send("FLOW_MOD", flow(10, match, output(port), { idle_timeout: IDLE_TIMEOUT }));
    }
    // A switch that keeps the frame has sent the beginning of it only.
    const frame = buffer_id === "NO_BUFFER" ? { data } : { buffer_id };
    this.#send("PACKET_OUT", { in_port, actions: output(port ?? "FLOOD"), ...frame });
  }

  #send(type, msg) {
    this.#gateway.notify({ conn_id: this.#conn_id, type, msg });
  }
}

/** The address at a byte of a frame in hex. */
function address(data, at) {
  return data
    .slice(2 * at, 2 * at + 12)
    .toLowerCase()
    .replace(/..(?!$)/g, "$&:");
}

const switches = new Map();

function onEvent(event) {
  const { type, conn_id, msg } = event;
  if (type === "CHANNEL_UP") {
    const one = new Switch(gateway, event);
    switches.set(conn_id, one);
    one.begin().catch(({ message }) => console.error(`${one.name}: ${message}`));
  } else if (type === "CHANNEL_DOWN") {
    console.log(`${switches.get(conn_id)?.name}: down, ${msg.message}`);
    switches.delete(conn_id);
  } else if (type === "PACKET_IN") switches.get(conn_id)?.packetIn(msg);
  else if (type === "ERROR" || type === "CHANNEL_ALERT") console.error(`${type}: ${JSON.stringify(msg)}`);
}

const socket = new WebSocket(url);
const gateway = new Gateway(socket, onEvent);
socket.addEventListener("open", () => console.log(`connected to ${url}`));
socket.addEventListener("error", ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
