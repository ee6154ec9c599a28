// All that /metrics tells, in its order.
import type { Gateway } from "../rpc/index.js";
import { gatewayMetrics } from "./gateway-metrics.js";
import { processMetrics } from "./process-metrics.js";
import { type Family, Histogram, type HistogramFamily } from "./prometheus.js";

/**
 * The metrics of a daemon, as of now.
 * @param softwareDescription  version of the program  @param delay  of the event loop
 */
export function metricFamilies(
  gateway: Gateway,
  softwareDescription = "",
  delay: Histogram = new Histogram([]),
): (Family | HistogramFamily)[] {
  return [
    {
      name: "oftr_info",
      type: "gauge",
      help: "Versions of the program and of Node.",
      samples: [{ labels: { version: softwareDescription, node: process.version }, value: 1 }],
    },
    ...gatewayMetrics(gateway),
    {
      name: "oftr_event_loop_delay_seconds",
      type: "histogram",
      help: "Event-loop delay: how late work starts because other work is in progress.",
      histogram: delay,
    },
    ...processMetrics(),
  ];
}
