// What is told over HTTP of a daemon that serves.
import type { Server } from "node:http";
import type { Endpoint } from "../channel/index.js";
import type { Gateway } from "../rpc/index.js";
import { EventLoopDelay } from "./event-loop.js";
import { openHttpServer } from "./http-server.js";
import { metricFamilies } from "./metric-families.js";
import { formatMetrics } from "./prometheus.js";

/** What is watched. */
export interface Subject {
  readonly gateway: Gateway;
  /** Version of the program. */
  readonly softwareDescription: string;
  /** Why it is not ready; none when it is. */
  readonly unready: () => readonly string[];
}

/** An open HTTP server. */
export interface Watch {
  close(): void;
}

/** Answers for /metrics, /healthz and /readyz. Rejects with an error of the system when it cannot listen. */
export async function openWatch(endpoint: Endpoint, subject: Subject): Promise<Watch> {
  const delay = new EventLoopDelay();
  const { gateway, softwareDescription, unready } = subject;
  const metrics = (): string => formatMetrics(metricFamilies(gateway, softwareDescription, delay.histogram));
  let server: Server;
  try {
    server = await openHttpServer(endpoint, { metrics, unready });
  } catch (error) {
    delay.stop();
    throw error;
  }
  return {
    close() {
      delay.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}
