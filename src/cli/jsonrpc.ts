/** `oftr jsonrpc`: the daemon. Controllers talk to it over stdin and stdout, or over a socket; switches over TCP. */
import { appendFileSync } from "node:fs";
import { configureLog, flushLog, type LogLevel, log } from "../base/index.js";
import { systemClock } from "../channel/index.js";
import {
  acceptOne,
  binaryFraming,
  type Client,
  type DelimitedTransport,
  Gateway,
  inheritedTransport,
  nulFraming,
  setTrace,
  stdioTransport,
  type TraceTopic,
} from "../rpc/index.js";
import { UsageError } from "./arguments.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";
import { VERSION } from "./version.js";

/** Milliseconds that a client has to read what is queued when the daemon ends. */
const FAREWELL = 2000;

const LOG_LEVELS: Readonly<Record<string, LogLevel>> = { none: "silent", warning: "warn" };

export const run = defineCommand(
  {
    name: "jsonrpc",
    description:
      "Serves a controller: JSON-RPC requests on stdin, replies and events on stdout, each ended by a NUL byte.\n" +
      "OFP.LISTEN and OFP.CONNECT make OpenFlow connections. Ends with status 0 when stdin ends.",
    options: {
      ...COMMON_OPTIONS,
      "binary-protocol": {
        kind: "flag",
        help: "four-byte headers instead of NUL bytes: LL LL LL F5, then the text",
      },
      "rpc-socket": {
        kind: "text",
        value: "FILE|FD",
        help: "serve one client over this Unix socket, or over this inherited descriptor",
      },
      "metric-interval": {
        kind: "number",
        value: "MSEC",
        help: "log metrics each MSEC milliseconds, at level info",
      },
    },
  },
  async (options) => {
    setUpLog(options.loglevel, options.logfile, readTopics(options.trace));
    const framing = options["binary-protocol"] ? binaryFraming() : nulFraming();
    const stop = new AbortController();
    watchSignals(() => stop.abort());
    let transport: DelimitedTransport | undefined;
    try {
      transport = await openTransport(options["rpc-socket"], framing, stop.signal);
    } catch (err) {
      log.error({ err }, "cannot serve");
      process.stderr.write(`jsonrpc: ${(err as Error).message}\n`);
      await flushLog();
      return EXIT.FAILED;
    }
    if (transport !== undefined) await serve(transport, options["metric-interval"], stop.signal);
    await flushLog();
    return EXIT.OK;
  },
);

async function openTransport(
  where: string | undefined,
  framing: ReturnType<typeof nulFraming>,
  stop: AbortSignal,
): Promise<DelimitedTransport | undefined> {
  if (where === undefined || where === "") return stdioTransport(framing);
  return /^\d+$/.test(where) ? inheritedTransport(Number(where), framing) : acceptOne(where, framing, stop);
}

async function serve(
  transport: DelimitedTransport,
  metricInterval: number | undefined,
  stop: AbortSignal,
): Promise<void> {
  const clock = systemClock();
  const gateway = new Gateway({ clock, softwareDescription: VERSION });
  const stopMetrics = metricInterval === undefined ? undefined : reportMetrics(gateway, metricInterval);
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve());
  });
  await Promise.race([gateway.serve(transport), stopped]);
  stopMetrics?.();
  gateway.close();
  transport.close();
  const tooLate = new Promise<void>((resolve) => clock.after(FAREWELL, resolve));
  await Promise.race([transport.closed, tooLate]);
  transport.destroy();
}

function reportMetrics(gateway: Gateway, interval: number): () => void {
  const report = (): void => {
    const { notifier, registry } = gateway.service;
    const { rss } = process.memoryUsage();
    const clients = [...notifier.clients];
    const sum = (of: (client: Client) => number): number => clients.reduce((n, client) => n + of(client), 0);
    log.info(
      {
        events: sum((client) => client.events),
        dropped: sum((client) => client.missed.dropped),
        queued_bytes: sum((client) => client.queuedBytes),
        connections: [...registry.channels()].length,
        cpu_us: process.cpuUsage(),
        rss,
      },
      "metrics",
    );
  };
  report();
  return systemClock().every(Math.max(1, interval), report);
}

function watchSignals(stop: () => void): void {
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", () => log.warn({ signal: "SIGHUP" }, "signal ignored"));
}

function readTopics(list = ""): TraceTopic[] {
  return list.split(",").flatMap((word) => {
    if (word === "") return [];
    if (word === "rpc" || word === "msg") return [word];
    throw new UsageError(`jsonrpc: for the -trace option: Cannot find option named '${word}'!`);
  });
}

function setUpLog(loglevel: string | undefined, logfile: string | undefined, topics: TraceTopic[]): void {
  setTrace(topics);
  const named = (LOG_LEVELS[loglevel ?? ""] ?? loglevel ?? "fatal") as LogLevel;
  configureLog({
    level: topics.length > 0 ? "trace" : named,
    ...(logfile === undefined
      ? {}
      : { destination: { write: (line: string) => appendFileSync(logfile, line) } }),
  });
}
