// The daemon as a process: it opens what the configuration asks for, minds signals, and ends in good order.
import { constants } from "node:os";
import { dropLog, log, OftrError } from "../base/index.js";
import { type Clock, formatEndpoint, toSystemError } from "../channel/index.js";
import { Gateway, messageTracer } from "../rpc/index.js";
import type { Configuration } from "./configuration.js";
import { warnOfDescriptors } from "./descriptors.js";
import { loadLateParts } from "./late-parts.js";
import { reportMetrics } from "./log-metrics.js";
import { openOpenFlowListeners } from "./openflow-listeners.js";
import { Reloader } from "./reload.js";
import { openRpcDoor, type RpcDoor } from "./rpc-door.js";
import type { Watch } from "./watch.js";

/** Milliseconds that clients have to read what is queued for them when the daemon ends. */
const FAREWELL = 2000;

/** Milliseconds after a signal in which the process ends whatever happens. */
const LAST_MOMENT = 4500;

/** What a daemon needs of its surroundings. */
export interface DaemonOptions {
  readonly clock: Clock;
  /** Version of the program. */
  readonly softwareDescription: string;
  /** Reads the configuration once more. Rejects with ConfigurationError. */
  readonly readAgain: () => Promise<Configuration>;
}

/** The place for metrics cannot be opened. */
export class WatchError extends OftrError<"WATCH"> {
  override readonly name = "WatchError";
}

/** The daemon, for the life of a process: it takes the signals for itself. */
export class Daemon {
  readonly #clock: Clock;
  readonly #softwareDescription: string;
  readonly #configuration: Configuration;
  readonly #reloader: Reloader;
  readonly #gateway: Gateway;
  readonly #stopped: Promise<void>;
  #door: RpcDoor | undefined;
  #stop: () => void = () => undefined;
  #state: "starting" | "ready" | "ending" = "starting";

  constructor(configuration: Configuration, { clock, softwareDescription, readAgain }: DaemonOptions) {
    this.#clock = clock;
    this.#softwareDescription = softwareDescription;
    this.#configuration = configuration;
    this.#reloader = new Reloader(configuration, readAgain);
    this.#gateway = new Gateway({ clock, softwareDescription, limits: () => this.#reloader.limits });
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  /**
   * Serves until a signal, or the last client of a door that is for one client only, ends it. Resolves when all is
   * closed; rejects when something cannot be opened.
   */
  async run(): Promise<void> {
    this.#watchSignals();
    const { values } = this.#configuration;
    const inside = { gateway: this.#gateway, clock: this.#clock, limits: () => this.#reloader.limits };
    const watch = await this.#openWatch();
    const stopReport = reportMetrics(this.#gateway, this.#clock, values["metric-interval"]);
    let asked = false;
    try {
      this.#door = await openRpcDoor(values, inside);
      // What is wrong with it is told below, when it is waited for.
      this.#door.ended.catch(() => undefined);
      await openOpenFlowListeners(this.#gateway, values, this.#clock);
      if (this.#state === "starting") this.#state = "ready";
      log.info({ version: this.#softwareDescription }, "ready");
      warnOfDescriptors(this.#reloader.limits);
      loadLateParts();
      asked = await Promise.race([this.#door.ended.then(() => false), this.#stopped.then(() => true)]);
    } finally {
      this.#state = "ending";
      stopReport();
      // A client whose stdin has ended expects no more events, as the C++ oftr sends none.
      await this.#gateway.close(asked);
      await this.#door?.close(FAREWELL);
      watch?.close();
    }
  }

  async #openWatch(): Promise<Watch | undefined> {
    const endpoint = this.#configuration.values.metrics;
    if (endpoint === undefined) return undefined;
    const { openWatch } = await import("./watch.js");
    try {
      return await openWatch(endpoint, {
        gateway: this.#gateway,
        softwareDescription: this.#softwareDescription,
        unready: () => (this.#state === "ready" ? [] : [`it is ${this.#state}`]),
      });
    } catch (error) {
      const why = toSystemError(error as Error).message;
      throw new WatchError("WATCH", `cannot serve metrics at ${formatEndpoint(endpoint)}: ${why}`);
    }
  }

  async #reload(): Promise<void> {
    const whole = await this.#reloader.reload(this.#gateway.service.identities);
    this.#gateway.service.taps.trace(messageTracer());
    const doorToo = this.#door?.reload() ?? true;
    if (whole && doorToo) log.info({}, "reloaded");
    else log.warn({}, "reloaded in part");
  }

  #watchSignals(): void {
    let asked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        // Who asks twice does not want to wait.
        if (asked) endNow(128 + constants.signals[signal]);
        asked = true;
        this.#state = "ending";
        log.info({ signal }, "ending");
        setTimeout(() => endNow(0), LAST_MOMENT).unref();
        this.#stop();
      });
    }
    process.on("SIGHUP", () => void this.#reload());
    // Nobody has answered it, so what it has left undone is not known: the process ends, with code 70, and whoever
    // minds it starts it again.
    process.on("uncaughtExceptionMonitor", (err: NodeJS.ErrnoException) => {
      // The log shows no stack of an error that is thrown on purpose: here nobody has answered one, and it matters.
      const shown =
        err instanceof OftrError ? Object.assign(new Error(err.message), { stack: err.stack }) : err;
      if (err.code !== "EPIPE") log.fatal({ err: shown }, "internal error");
    });
  }
}

/** Ends the process without regard to anybody who does not read. */
function endNow(code: number): never {
  dropLog();
  process.exit(code);
}
