// The metrics of the gateway: what it counts itself as it goes, put into Prometheus' words when somebody asks.
import { ALL_VERSIONS, LIMITS, type LimitKey, limitHits, versionName } from "../base/index.js";
import type { Counters } from "../channel/index.js";
import { headerTypeName } from "../codec/decode.js";
import type { Gateway } from "../rpc/index.js";
import type { Family, Sample } from "./prometheus.js";

/** Families of channels, messages, clients, requests and limits. */
export function gatewayMetrics(gateway: Gateway): Family[] {
  return [
    ...channelMetrics(gateway),
    ...messageMetrics(gateway),
    ...clientMetrics(gateway),
    ...limitMetrics(gateway),
  ];
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
    counter(
      "oftr_handshake_failures_total",
      "OpenFlow connections that did not come up, by the reason of their CHANNEL_ALERT.",
      Object.entries(registry.tally.handshakeFailures).map(([reason, value]) => ({
        labels: { reason },
        value,
      })),
    ),
    gauge("oftr_switch_queue_bytes", "Bytes that switches have not taken yet, of all together.", [
      { value: unsent },
    ]),
  ];
}

function messageMetrics({ service: { registry } }: Gateway): Family[] {
  const totals = registry.totals();
  const sum = (count: (counters: Counters) => number): number =>
    totals.reduce((all, counters) => all + count(counters), 0);
  const one = (value: number): Sample[] => [{ value }];
  return [
    counter(
      "oftr_messages_total",
      "OpenFlow messages by direction, type and version; those of handshakes and echoes too.",
      totals.flatMap((counters, version) => [
        ...messageSamples(counters.messagesIn, "in", version),
        ...messageSamples(counters.messagesOut, "out", version),
      ]),
    ),
    counter("oftr_openflow_bytes_total", "Bytes of OpenFlow by direction.", [
      { labels: { direction: "in" }, value: sum(({ bytesIn }) => bytesIn) },
      { labels: { direction: "out" }, value: sum(({ bytesOut }) => bytesOut) },
    ]),
    counter(
      "oftr_decode_errors_total",
      "Messages of switches that could not be decoded.",
      one(sum(({ decodeErrors }) => decodeErrors)),
    ),
    counter(
      "oftr_wrong_version_total",
      "Messages of another version than the agreed one, which were not delivered.",
      one(sum(({ wrongVersion }) => wrongVersion)),
    ),
    counter(
      "oftr_early_drops_total",
      "Messages dropped because too many came before the end of the handshake.",
      one(sum(({ droppedEarly }) => droppedEarly)),
    ),
    counter(
      "oftr_echo_seconds_total",
      "Time that switches took to answer our ECHO_REQUESTs, of all answers together.",
      one(sum(({ echoSum }) => echoSum) / 1000),
    ),
    counter("oftr_echoes_total", "Our ECHO_REQUESTs that were answered.", one(sum(({ echoes }) => echoes))),
    gauge(
      "oftr_echo_max_seconds",
      "The longest of the latest answers to our ECHO_REQUESTs, of the connections that are up.",
      slowestEcho(registry.channels()),
    ),
  ];
}

function messageSamples(counts: ArrayLike<number>, direction: string, version: number): Sample[] {
  const label = version === 0 ? "none" : versionName(version as 1);
  return Array.from(counts, (value, type) => ({
    labels: { direction, type: headerTypeName(version, type), version: label },
    value,
  })).filter(({ value }) => value > 0);
}

function slowestEcho(channels: Iterable<{ readonly counters: Counters }>): Sample[] {
  const answered = [...channels].filter(({ counters }) => counters.echoes > 0);
  if (answered.length === 0) return [];
  return [{ value: Math.max(...answered.map(({ counters }) => counters.echoLast)) / 1000 }];
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
