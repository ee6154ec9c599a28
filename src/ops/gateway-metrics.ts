// The metrics of the gateway: what it counts itself as it goes, put into Prometheus' words when somebody asks.
import { ALL_VERSIONS, LIMITS, type LimitKey, limitHits, versionName } from "../base/index.js";
import type { Gateway } from "../rpc/index.js";
import type { Family, Sample } from "./prometheus.js";

/** Families of channels, messages, clients, requests and limits. */
export function gatewayMetrics(gateway: Gateway): Family[] {
  return [...channelMetrics(gateway), ...clientMetrics(gateway), ...limitMetrics(gateway)];
}

function channelMetrics({ service: { registry } }: Gateway): Family[] {
  const channels = [...registry.channels()];
  const up = channels.filter(({ phase }) => phase === "up" || phase === "joined");
  const byVersion = ALL_VERSIONS.map((version) => ({
    labels: { version: versionName(version) },
    value: up.filter((channel) => channel.version === version).length,
  }));
  const unsent = channels.reduce((sum, { unsentBytes }) => sum + unsentBytes, 0);
  return [
    gauge("oftr_channels", "OpenFlow connections that are up, by OpenFlow version.", byVersion),
    gauge("oftr_connections", "OpenFlow connections, also those whose handshake goes on.", [
      { value: registry.connections().length },
    ]),
    gauge("oftr_listeners", "OpenFlow listeners.", [{ value: [...registry.listeners()].length }]),
    gauge("oftr_switch_queue_bytes", "Bytes that switches have not taken yet, of all together.", [
      { value: unsent },
    ]),
  ];
}

function clientMetrics({ service: { notifier, requests } }: Gateway): Family[] {
  const clients = [...notifier.clients];
  const each = (value: (client: (typeof clients)[number]) => number): Sample[] =>
    clients.map((client) => ({
      labels: { client: client.id, kind: client.facts.kind },
      value: value(client),
    }));
  return [
    gauge("oftr_clients", "RPC clients.", [{ value: clients.length }]),
    gauge(
      "oftr_client_queue_bytes",
      "Bytes that a client has not taken yet.",
      each(({ queuedBytes }) => queuedBytes),
    ),
    counter(
      "oftr_client_events_total",
      "Events sent to a client.",
      each(({ events }) => events),
    ),
    counter(
      "oftr_client_dropped_packet_ins_total",
      "PACKET_INs that a client has missed because it did not read as fast as they came.",
      each(({ missed }) => missed.dropped),
    ),
    counter(
      "oftr_client_limited_packet_ins_total",
      "PACKET_INs that a client has missed because they were beyond the rate that it has chosen.",
      each(({ missed }) => missed.limited),
    ),
    counter(
      "oftr_rpc_requests_total",
      "RPC requests by method and outcome; methods that do not exist have none.",
      [...requests.samples()].map(({ method, outcome, count }) => ({
        labels: { method, outcome },
        value: count,
      })),
    ),
  ];
}

function limitMetrics({ service }: Gateway): Family[] {
  const keys = Object.keys(LIMITS) as LimitKey[];
  const limits = service.limits();
  const each = (value: (key: LimitKey) => number): Sample[] =>
    keys.map((key) => ({ labels: { limit: LIMITS[key].name }, value: value(key) }));
  return [
    gauge(
      "oftr_limit",
      "The limits, in bytes, milliseconds or numbers.",
      each((key) => limits[key]),
    ),
    counter(
      "oftr_limit_hits_total",
      "How often a limit was met.",
      each((key) => limitHits[key]),
    ),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "gauge", help, samples };
}
