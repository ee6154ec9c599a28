// What goes over TLS between a daemon and Open vSwitch, tapped: as JSON, as a capture that tshark reads, and recorded to be played back.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Certificates } from "../certificates.js";
import { OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { BRIDGE, DATAPATH } from "./lab.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort, poll, runProgram, stopProgram } from "./programs.js";
import { Running } from "./running.js";

/** Sends all to the controller. */
const FLOW = {
  table_id: 0,
  command: "ADD",
  priority: 7,
  match: [],
  instructions: [
    { instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: "CONTROLLER", max_len: 65535 }] },
  ],
};
const FRAME = `0a000000000a0a000000000b88b5${"5a".repeat(46)}`;

/** What has to go over the connection, in this order; what else there is are asynchronous messages. */
const SAID = [
  ...["FEATURES_REQUEST", "FEATURES_REPLY", "PORT_DESC_REQUEST", "PORT_DESC_REPLY"],
  ...["FLOW_MOD", "BARRIER_REQUEST", "BARRIER_REPLY", "PACKET_IN"],
];

interface Line {
  readonly type: string;
  readonly src: string;
  readonly dst: string;
}

describeWith([...OVS_PROGRAMS, "openssl", "tshark"], "a tap on TLS with Open vSwitch", () => {
  let files: Certificates;
  let ovs: OpenVSwitch;
  let port: number;
  let to: string;
  /** What `tap -j` has shown. */
  let lines: Line[];
  const running: Running[] = [];

  function oftr(...args: string[]): Running {
    const one = Running.oftr(...args);
    running.push(one);
    return one;
  }

  async function call(method: string, params: object): Promise<Record<string, unknown>> {
    const args = [OFTR, "call", "--to", to, method, JSON.stringify(params)];
    return JSON.parse((await runProgram(process.execPath, args)).toString());
  }

  const flows = (): Promise<unknown> =>
    poll(
      "the flow",
      () => ovs.flows(BRIDGE, 4),
      (found) => found.some((flow) => flow.includes("priority=7")),
    );

  beforeAll(async () => {
    files = new Certificates();
    for (const name of ["switch", "controller"]) {
      files.authority(`${name}-ca`);
      files.certificate(name, `${name}-ca`);
    }
    ovs = await OpenVSwitch.start();
    await ovs.addBridge(BRIDGE, { versions: [4], datapathId: DATAPATH.replaceAll(":", ""), ports: 1 });
    port = await freePort();
    to = `unix:${files.path("rpc.sock")}`;
    const identity = [
      "--tls-cert",
      "controller.pem",
      "--tls-key",
      "controller.key",
      "--tls-cacert",
      "switch-ca.pem",
    ];
    const daemon = oftr(
      ...["jsonrpc", "--listen", to, "--openflow", `tls:127.0.0.1:${port}`],
      ...identity.map((word) => (word.startsWith("--") ? word : files.path(word))),
    );
    await daemon.says(/"ready"/);
    const shown = ["--to", to, "--handshakes", "--echoes"];
    const json = oftr("tap", "-j", ...shown);
    const taps = [
      json,
      oftr("tap", "-w", files.path("tap.pcapng"), ...shown),
      oftr("record", files.path("record.pcapng"), "--to", to),
    ];
    await poll(
      "the taps",
      () => call("OFP.TAP", { enabled: false }),
      (reply) => reply.taps === taps.length,
    );

    await ovs.vsctl(
      "set-ssl",
      files.path("switch.key"),
      files.path("switch.pem"),
      files.path("controller-ca.pem"),
    );
    await connect(`ssl:127.0.0.1:${port}`);
    await json.says(/"PORT_DESC_REPLY"/);
    await call("OFP.SEND", { datapath_id: DATAPATH, type: "FLOW_MOD", msg: FLOW });
    await call("OFP.REQUEST", { datapath_id: DATAPATH, type: "BARRIER_REQUEST" });
    await ovs.inject(`${BRIDGE}-p1`, FRAME);
    await json.says(/"PACKET_IN"/);
    for (const tap of taps) expect(await tap.interrupt()).toBe(0);
    lines = json.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  });

  afterAll(async () => {
    for (const one of running.reverse()) await stopProgram(one.child);
    await ovs?.stop();
    files.remove();
  });

  async function connect(target: string): Promise<void> {
    const settings = ["set", "controller", BRIDGE, "inactivity_probe=0", "max_backoff=1000"];
    await ovs.vsctl("set-controller", BRIDGE, target, "--", ...settings);
  }

  it("shows all that both sides say, decrypted", () => {
    const types = lines.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(["HELLO", "HELLO"]);
    expect(types.filter((type) => SAID.includes(type))).toEqual(SAID);
    expect(lines.find(({ type }) => type === "FLOW_MOD")?.src).toBe(`127.0.0.1:${port}`);
    expect(lines.find(({ type }) => type === "PACKET_IN")?.dst).toBe(`127.0.0.1:${port}`);
  });

  it("writes a capture that tshark reads: a connection of the switch, without TLS", async () => {
    const fields = ["frame.comment", "tcp.flags.syn", "tcp.srcport", "openflow_v4.type", "tcp.payload"];
    const columns = fields.flatMap((field) => ["-e", field]);
    const args = [
      "-r",
      files.path("tap.pcapng"),
      "-d",
      `tcp.port==${port},openflow`,
      "-T",
      "fields",
      ...columns,
    ];
    const rows = (await runProgram("tshark", args))
      .toString()
      .trimEnd()
      .split("\n")
      .map((row) => row.split("\t"));
    expect(rows[0]?.[0]).toMatch(/This connection is TLS; what is shown is decrypted\./);
    const [hello] = lines as [Line];
    const switchPort = [hello.src, hello.dst].find((end) => end !== `127.0.0.1:${port}`)?.split(":")[1];
    expect(rows.slice(0, 3).map((row) => row.slice(1, 3))).toEqual([
      ["1", switchPort],
      ["1", String(port)],
      ["0", switchPort],
    ]);
    const seen = rows.filter((row) => row[4] !== "");
    expect(seen).toHaveLength(lines.length);
    // What tshark takes for the type is what the bytes say.
    for (const [, , , type, payload = ""] of seen)
      expect(Number(type)).toBe(Number.parseInt(payload.slice(2, 4), 16));
  });

  it("is recorded, and played back over plain TCP as the controller, without a difference", async () => {
    const bytes = readFileSync(files.path("record.pcapng"));
    expect(bytes.includes(Buffer.from(FRAME, "hex"))).toBe(true);
    await ovs.vsctl("del-controller", BRIDGE);
    await ovs.ofctl(BRIDGE, 4, "del-flows");
    const plain = await freePort();
    const replay = oftr(
      "replay",
      files.path("record.pcapng"),
      "--as=controller",
      `--listen=tcp:127.0.0.1:${plain}`,
    );
    await replay.says(/waiting/);
    await connect(`tcp:127.0.0.1:${plain}`);
    await flows();
    await ovs.inject(`${BRIDGE}-p1`, FRAME);
    expect(await replay.ended()).toBe(0);
    expect(replay.text).toMatch(/[1-9]\d* messages played, [1-9]\d* compared: no difference\n$/);
  });
});
