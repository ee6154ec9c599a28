// `--metric-interval`: the most important counts as log lines.
import { log } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import type { Client, Gateway } from "../rpc/index.js";

/** Logs metrics now and each `interval` milliseconds, until the function that it returns is called. Undefined: never. */
export function reportMetrics(gateway: Gateway, clock: Clock, interval: number | undefined): () => void {
  if (interval === undefined) return () => undefined;
  const report = (): void => {
    const { notifier, registry } = gateway.service;
    const clients = [...notifier.clients];
    const sum = (of: (client: Client) => number): number => clients.reduce((n, client) => n + of(client), 0);
    log.info(
      {
        events: sum((client) => client.events),
        dropped: sum((client) => client.missed.dropped),
        queued_bytes: sum((client) => client.queuedBytes),
        connections: [...registry.channels()].length,
        cpu_us: process.cpuUsage(),
        rss: process.memoryUsage.rss(),
      },
      "metrics",
    );
  };
  report();
  return clock.every(Math.max(1, interval), report);
}
