// A controller that answers ARP and ping for 10.0.0.254 on every switch that connects:
//   node examples/answer-arp-and-ping.mjs 6653
// It reads packets from `_pkt` and makes its answers with `_pkt` alone.
import { spawn } from "node:child_process";

const IP = "10.0.0.254";
const MAC = "0e:00:00:00:00:fe";
const [port = "6653", oftr = new URL("../bin/oftr.js", import.meta.url).pathname] = process.argv.slice(2);
const daemon = spawn(process.execPath, [oftr, "jsonrpc"], { stdio: ["pipe", "pipe", "inherit"] });
const request = (method, params, id) => daemon.stdin.write(`${JSON.stringify({ id, method, params })}\0`);
request("OFP.LISTEN", { endpoint: `127.0.0.1:${port}`, options: ["FEATURES_REQ"] }, 1);

let rest = "";
daemon.stdout.setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const { method, params } of messages.map((one) => JSON.parse(one))) {
    if (method !== "OFP.MESSAGE") continue;
    if (params.type === "CHANNEL_UP") {
      const all = [{ action: "OUTPUT", port_no: "CONTROLLER" }];
      const instructions = [{ instruction: "APPLY_ACTIONS", actions: all }];
      const msg = { table_id: 0, command: "ADD", priority: 0, match: [], instructions };
      request("OFP.SEND", { type: "FLOW_MOD", conn_id: params.conn_id, msg });
    }
    if (params.type === "PACKET_IN") packetIn(params.conn_id, params.msg);
  }
});

function packetIn(conn_id, { in_port, data, _pkt }) {
  const packet = Object.fromEntries(_pkt.map(({ field, value }) => [field, value]));
  const answer = { ETH_DST: packet.ETH_SRC, ETH_SRC: MAC };
  const msg = { in_port, actions: [{ action: "OUTPUT", port_no: "IN_PORT" }] };
  if (packet.ARP_OP === 1 && packet.ARP_TPA === IP) {
    const arp = { ARP_OP: 2, ARP_SHA: MAC, ARP_SPA: IP, ARP_THA: packet.ARP_SHA, ARP_TPA: packet.ARP_SPA };
    msg._pkt = { ...answer, ...arp };
  } else if (packet.ICMPV4_TYPE === 8 && packet.IPV4_DST === IP) {
    msg._pkt = { ...answer, IPV4_SRC: IP, IPV4_DST: packet.IPV4_SRC, ICMPV4_TYPE: 0 };
    // Padding may follow what the length of IPv4 counts.
    const end = 14 + Number.parseInt(data.slice(32, 36), 16);
    msg._pkt_data = data.slice(2 * packet.X_PKT_POS, 2 * end);
  } else return;
  request("OFP.SEND", { type: "PACKET_OUT", conn_id, msg });
}
