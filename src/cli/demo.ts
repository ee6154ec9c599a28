/** `oftr demo`, which is `npm start`: the daemon at work with a switch that is built in, told to a person. */
import { configureLog } from "../base/index.js";
import { type Clock, systemClock } from "../channel/index.js";
import { RpcClient } from "../client/index.js";
import { Gateway, localConnection } from "../rpc/index.js";
import { connectSwitch, type SimulatedSwitch } from "../switch/index.js";
import { Text, writeYamlDocument } from "../text/index.js";
import { defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";
import { VERSION } from "./version.js";

/** Where switches expect a controller (IANA), where older ones do, and some others. */
const PORTS = [6653, 6633, 16653, 26653, 36653];

const DATAPATH_ID = "00:00:00:00:00:00:00:01";

/** Milliseconds that each step may take. */
const STEP_TIMEOUT = 5000;

/** A UDP packet from 10.0.0.1:4660 to 10.0.0.2:53. */
const PACKET = Buffer.from(
  "020000000002020000000001" + // Ethernet: to, from
    "08004500002000010000401166ca0a0000010a000002" + // type IPv4; IPv4 with 12 bytes in UDP
    "12340035000c000068656c6f", // UDP: ports, length, no checksum, "helo"
  "hex",
);

export const run = defineCommand(
  {
    name: "demo",
    description:
      "Demonstrates the daemon with a simulated switch, then serves real ones until Ctrl-C.\n" +
      "Without a terminal it ends after the demonstration.",
    options: {},
  },
  async () => {
    configureLog({ level: "fatal" });
    const demo = new Demo(systemClock());
    try {
      await demo.show();
      await demo.serve(process.stdout.isTTY === true);
      return EXIT.OK;
    } finally {
      demo.close();
    }
  },
);

interface Awaited {
  readonly type: string;
  readonly resolve: (event: string) => void;
}

class Demo {
  readonly #clock: Clock;
  readonly #gateway: Gateway;
  readonly #client: RpcClient;
  #switch: SimulatedSwitch | undefined;
  #port = 0;
  #awaited: Awaited | undefined;
  /** Once the show is over, whatever comes is printed. */
  #printsAll = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#gateway = new Gateway({ clock, softwareDescription: VERSION });
    const { daemon, client } = localConnection();
    void this.#gateway.serve(daemon);
    this.#client = new RpcClient(client, {
      clock,
      dialect: "classic",
      onEvent: (event) => this.#onEvent(event),
    });
  }

  async show(): Promise<void> {
    this.#port = await this.#listen();
    say(
      `The daemon listens on port ${this.#port}. A switch connects and is asked for its features and ports:`,
    );
    const up = this.#event("CHANNEL_UP");
    const options = { version: 4, datapathId: DATAPATH_ID, ports: 2 } as const;
    const simulated = await connectSwitch({ host: "127.0.0.1", port: this.#port }, options, this.#clock);
    this.#switch = simulated;
    print(await up);

    say("A packet arrives at port 1. No flow matches it, so the controller gets it:");
    const packetIn = this.#event("PACKET_IN");
    simulated.inject(1, PACKET);
    print(await packetIn);

    say("The controller adds a flow that sends such packets to port 2. This is its message:");
    const flowMod = {
      type: "FLOW_MOD",
      datapath_id: DATAPATH_ID,
      msg: {
        command: "ADD",
        table_id: 0,
        priority: 100,
        match: [
          { field: "ETH_TYPE", value: 0x0800 },
          { field: "IPV4_DST", value: "10.0.0.2" },
        ],
        instructions: [
          { instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: 2, max_len: 0 }] },
        ],
      },
    };
    await this.#request("OFP.SEND", flowMod);
    const barrier = this.#event("BARRIER_REPLY");
    await this.#request("OFP.SEND", { type: "BARRIER_REQUEST", datapath_id: DATAPATH_ID });
    await barrier;
    printYaml(JSON.stringify(flowMod));

    say("The same packet again: now the flow matches it. The flow's statistics count it:");
    simulated.inject(1, PACKET);
    const flows = this.#event("FLOW_DESC_REPLY");
    await this.#request("OFP.SEND", {
      type: "FLOW_DESC_REQUEST",
      datapath_id: DATAPATH_ID,
      msg: { table_id: "ALL", out_port: "ANY", out_group: "ANY", cookie: 0, cookie_mask: 0, match: [] },
    });
    print(await flows);
  }

  /** Says how to connect a real switch, and serves until Ctrl-C. @param forReal  false ends at once */
  async serve(forReal: boolean): Promise<void> {
    say(
      "Now it is your turn. To connect an Open vSwitch bridge on this machine:",
      "",
      `    ovs-vsctl set-controller br0 tcp:127.0.0.1:${this.#port}`,
      "",
      forReal
        ? "What it sends is printed here. Ctrl-C ends."
        : "The demonstration ends here, because there is no terminal.",
    );
    if (!forReal) return;
    this.#printsAll = true;
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
  }

  close(): void {
    this.#switch?.close();
    this.#gateway.close();
    this.#client.close();
  }

  /** Listens at the first port that is free. */
  async #listen(): Promise<number> {
    for (const port of PORTS) {
      try {
        await this.#request("OFP.LISTEN", { endpoint: String(port), options: ["FEATURES_REQ"] });
        return port;
      } catch (error) {
        if (port === PORTS.at(-1)) throw error;
      }
    }
    return 0;
  }

  #request(method: string, params: object): Promise<string> {
    return this.#client.request(method, JSON.stringify(params));
  }

  /** The next event of this type. Rejects when it does not come. */
  #event(type: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(STEP_TIMEOUT, () => reject(new Error(`no ${type} came`)));
      this.#awaited = {
        type,
        resolve: (event) => {
          stop();
          resolve(event);
        },
      };
    });
  }

  #onEvent(event: string): void {
    const { params } = JSON.parse(event) as { params: { type: string } };
    if (params.type === this.#awaited?.type) {
      this.#awaited.resolve(event);
      this.#awaited = undefined;
    } else if (this.#printsAll) {
      print(event);
    }
  }
}

/** Sentences are comments, so that all that is printed is YAML. */
function say(...lines: string[]): void {
  process.stdout.write(`\n${lines.map((line) => `# ${line}`.trimEnd()).join("\n")}\n`);
}

/** Prints the message of an event. */
function print(event: string): void {
  const params = /^\{"params":(.*),"method":"OFP\.MESSAGE"\}$/s.exec(event)?.[1];
  printYaml(params ?? event.slice('{"method":"OFP.MESSAGE","params":'.length, -1));
}

const text = new Text();

function printYaml(json: string): void {
  writeYamlDocument(json, text);
  process.stdout.write(text.takeString());
}
