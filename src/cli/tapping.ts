/** What `oftr tap` and `oftr record` have in common: which traffic of a daemon, how long, and where it goes. */
import { configureLog, RpcError } from "../base/index.js";
import { systemClock, type WallTime } from "../channel/index.js";
import { CallError, type TappedMessage, TrafficTap } from "../client/index.js";
import { connectRpc, type RpcEndpoint, type RpcTransport } from "../rpc/index.js";
import type { OptionTable, OptionValues } from "./arguments.js";
import { CALL_TIMEOUT, tellCallFailure } from "./daemon-call.js";
import { EXIT } from "./exit-codes.js";
import { complain, tell } from "./failures.js";
import { OutputFailed, OutputGone } from "./output.js";
import { onStop } from "./stop-signals.js";

/** Options that choose connections and messages. */
export const CHOICE_OPTIONS = {
  datapath: { kind: "list", value: "ID", help: "only messages to and from this switch; may be repeated" },
  conn: { kind: "list", value: "N", help: "only messages of this connection; may be repeated" },
} as const satisfies OptionTable;

/** Options that say when to stop. */
export const END_OPTIONS = {
  count: { kind: "number", value: "N", min: 1, help: "stop after N messages" },
  duration: { kind: "number", value: "SECONDS", min: 1, max: 86_400, help: "stop after this many seconds" },
} as const satisfies OptionTable;

/** The params of OFP.TAP that the options choose connections by. */
export function connectionParams({
  datapath,
  conn,
}: OptionValues<typeof CHOICE_OPTIONS>): Record<string, unknown> {
  return {
    ...(datapath.length > 0 ? { datapath_ids: datapath } : {}),
    ...(conn.length > 0 ? { conn_ids: conn } : {}),
  };
}

/** Takes what a tap shows. Its functions may throw OutputGone and OutputFailed. */
export interface TapSink {
  begin(): void;
  take(message: TappedMessage): void;
  /** A connection has ended that was up. */
  down(connId: number, time: WallTime): void;
}

/** What is tapped. */
export interface TapOrder {
  /** The command, for what it says. */
  readonly command: string;
  readonly endpoint: RpcEndpoint;
  /** Params of OFP.TAP. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly end: OptionValues<typeof END_OPTIONS>;
  /** Said on stderr when the tap is on. */
  readonly ready?: string;
}

/** Taps a daemon until it is enough, a signal comes, the daemon ends, or nobody takes what comes out. Gives the exit code. */
export async function runTap(order: TapOrder, sink: TapSink): Promise<number> {
  configureLog({ level: "warn" });
  const { command, endpoint } = order;
  let transport: RpcTransport;
  try {
    transport = await connectRpc(endpoint, { timeout: CALL_TIMEOUT * 1000 });
  } catch (error) {
    return tellCallFailure(command, error, endpoint);
  }
  return new Run(order, sink, transport, endpoint).done;
}

/** Milliseconds in which the daemon shall say how many messages were missed, once the tap is to end. */
const END_TIMEOUT = 5000;

class Run {
  readonly done: Promise<number>;
  readonly #order: TapOrder;
  readonly #sink: TapSink;
  readonly #tap: TrafficTap;
  #release: () => void = () => undefined;
  #finish: (code: number) => void = () => undefined;
  #taken = 0;
  #missed = 0;
  /** "ending": the daemon is asked for the count of what was missed. */
  #state: "on" | "ending" | "over" = "on";

  constructor(order: TapOrder, sink: TapSink, transport: RpcTransport, { dialect }: RpcEndpoint) {
    this.#order = order;
    this.#sink = sink;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const clock = systemClock();
    this.#tap = new TrafficTap(
      transport,
      { clock, dialect },
      {
        onMessage: (message) => this.#guard(() => this.#take(message)),
        onDown: (connId, time) => this.#guard(() => sink.down(connId, time)),
        onMissed: (count, total) => {
          this.#missed = total;
          this.#say(`missed ${count} (${total} in all): messages come faster than they are taken`);
        },
        onClose: () => {
          if (this.#state !== "over") this.#say("the daemon has closed the connection");
          this.#stop(this.#state === "on" ? EXIT.FAILED : EXIT.OK);
        },
      },
    );
    void this.#begin();
  }

  async #begin(): Promise<void> {
    const { command, endpoint, params, end, ready } = this.#order;
    const count = end.count === undefined ? {} : { count: end.count };
    this.#release = onStop(end.duration, () => void this.#end());
    this.#guard(() => this.#sink.begin());
    try {
      await this.#tap.start({ ...params, ...count }, CALL_TIMEOUT * 1000);
    } catch (error) {
      if (this.#state !== "over") this.#stop(tellCallFailure(command, error, endpoint));
      return;
    }
    if (this.#state === "on" && ready !== undefined) tell(ready);
  }

  #take(message: TappedMessage): void {
    this.#sink.take(message);
    this.#taken++;
    if (this.#taken === this.#order.end.count) void this.#end();
  }

  /** Ends the tap. What the daemon has sent before it hears of that still comes. */
  async #end(): Promise<void> {
    if (this.#state !== "on") return;
    this.#state = "ending";
    try {
      this.#missed = await this.#tap.end(END_TIMEOUT);
    } catch (error) {
      if (!(error instanceof CallError || error instanceof RpcError)) throw error;
      // A daemon that ends in good order has told it unasked.
      if (error.code !== "CLOSED")
        this.#say(`how many messages were missed at last is not known: ${error.message}`);
    }
    this.#stop(EXIT.OK);
  }

  #guard(run: () => void): void {
    if (this.#state === "over") return;
    try {
      run();
    } catch (error) {
      if (error instanceof OutputFailed) complain(error.message);
      else if (!(error instanceof OutputGone)) throw error;
      this.#stop(error instanceof OutputGone ? EXIT.OK : EXIT.FAILED);
    }
  }

  #stop(code: number): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#release();
    this.#tap.close();
    if (this.#missed > 0) this.#say(`${this.#taken} messages taken, ${this.#missed} missed`);
    this.#finish(code);
  }

  #say(text: string): void {
    tell(`${this.#order.command}: ${text}`);
  }
}
