/** The summary of `oftr decode --summary`, as tables for people. */
import { isVersion, versionName } from "../base/index.js";
import type {
  ConnectionReport,
  OthersReport,
  PacketInReport,
  RequestReport,
  SenderReport,
  Span,
  SummaryReport,
  TallyReport,
  TypeReport,
  UnansweredReport,
} from "../traffic/index.js";
import { formatDuration } from "../traffic/index.js";
import { alignTable, formatBytes, formatCount, formatRate, formatTime } from "./figures.js";
import { WIDTH, wrap } from "./help-text.js";

const ARROWS = { controller: "->", switch: "<-" };

/** The reason of a table miss: what a message says. */
const TABLE_MISS = "TABLE_MISS";

/** Makes the lines of a summary. */
export function summaryLines(report: SummaryReport): string[] {
  return [
    ...report.connections.flatMap((one) => [...connectionHead(one), ...tallyLines(one), ""]),
    ...(report.others === undefined ? [] : [othersHead(report.others), ...tallyLines(report.others), ""]),
    ...slowestLines(report.slowest),
    ...unansweredLines(report.unanswered),
    ...packetInLines(report.packet_in),
    `In all: ${volume(report)}${spanText(report)}`,
  ];
}

function connectionHead(one: ConnectionReport): string[] {
  const facts = [
    ...(isVersion(one.version) ? [`OpenFlow ${versionName(one.version)}`] : []),
    ...(one.datapath_id === undefined ? [] : [`datapath ${one.datapath_id}`]),
    ...(one.auxiliary_id === undefined ? [] : [`auxiliary ${one.auxiliary_id}`]),
  ];
  const name = one.conn_id === undefined ? `Input ${one.input}` : `Connection ${one.conn_id}`;
  const ends =
    one.switch === undefined
      ? (one.ends?.join(" and ") ?? "")
      : `switch ${one.switch}, controller ${one.controller}`;
  return [
    facts.length === 0 ? name : `${name}: ${facts.join(", ")}`,
    ...(ends === "" ? [] : wrap(ends, WIDTH - 2).map((line) => `  ${line}`)),
  ];
}

function othersHead({ connections }: OthersReport): string {
  return connections === 1 ? "One more connection" : `${formatCount(connections)} more connections together`;
}

function tallyLines(tally: TallyReport): string[] {
  const { undecodable, types, errors, packet_in_reasons } = tally;
  return [
    `  ${volume(tally)}${spanText(tally)}`,
    ...(undecodable === 0 ? [] : [`  ${plural(undecodable, "message")} could not be decoded`]),
    ...typeLines(types),
    ...(errors.length === 0 ? [] : ["", "  ERRORs"]),
    ...errors.flatMap(({ type, code, meaning, request, count, over }) => {
      const about = request === null ? "" : ` for ${request}`;
      const text = `${most(count, over)} ${type}/${code}${about}${meaning === "" ? "" : `: ${meaning}`}`;
      return wrap(text, WIDTH - 6).map((line, i) => `${i === 0 ? "    " : "      "}${line}`);
    }),
    ...reasonLines(packet_in_reasons),
  ];
}

function typeLines(types: readonly TypeReport[]): string[] {
  const rows = types.map(({ type, from, count, bytes, rate, latency }) => [
    `${from === null ? "--" : ARROWS[from]} ${type}`,
    formatCount(count),
    formatBytes(bytes),
    rate === undefined ? "" : formatRate(rate),
    ...[latency?.p50, latency?.p90, latency?.p99, latency?.max].map(latencyText),
  ]);
  const lines = alignTable(["", "count", "bytes", "per s", "p50", "p90", "p99", "max"], rows, [0]);
  return lines.length === 0 ? [] : ["", ...lines];
}

function reasonLines(reasons: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (entries.length === 0) return [];
  const told = entries.map(
    ([reason, count]) => `${formatCount(count)} ${reason}${reason === TABLE_MISS ? " (table misses)" : ""}`,
  );
  return ["", ...wrap(`PACKET_INs: ${told.join(", ")}`, WIDTH - 2).map((line) => `  ${line}`)];
}

function slowestLines(slowest: SummaryReport["slowest"]): string[] {
  if (slowest.length === 0) return [];
  const rows = slowest.map((one) => [...requestCells(one), latencyText(one.latency)]);
  return ["Slowest requests", ...alignTable([...REQUEST_HEAD, "latency"], rows, [0, 3]), ""];
}

function unansweredLines({ count, forgotten, oldest }: UnansweredReport): string[] {
  if (count + forgotten === 0) return [];
  return [
    `Requests without a reply: ${formatCount(count)}`,
    ...alignTable(REQUEST_HEAD, oldest.map(requestCells), [0, 3]),
    ...(count > oldest.length ? [`  and ${formatCount(count - oldest.length)} later ones`] : []),
    ...(forgotten === 0
      ? []
      : [`  ${plural(forgotten, "request")} went too long without a reply to be remembered`]),
    "",
  ];
}

const REQUEST_HEAD = ["", "connection", "xid", "sent"];

function requestCells({ conn_id, type, xid, time }: RequestReport): string[] {
  return [type, conn_id === undefined ? "" : String(conn_id), String(xid), formatTime(time)];
}

function packetInLines({ count, senders, ports }: PacketInReport): string[] {
  if (count === 0) return [];
  const cells = ({ conn_id, in_port, eth_src = "", ip_src = "", count, over }: SenderReport): string[] => [
    conn_id === undefined ? "" : String(conn_id),
    in_port,
    eth_src,
    ip_src,
    most(count, over),
  ];
  const head = ["connection", "in_port", "Ethernet", "IP", "count"];
  const table = (reports: readonly SenderReport[]) => alignTable(head, reports.map(cells), [2, 3]);
  return [
    `Top senders of ${plural(count, "PACKET_IN")}`,
    ...table(senders),
    "",
    "Top ports of PACKET_INs",
    ...table(ports),
    "",
  ];
}

function volume({ messages, bytes }: { readonly messages: number; readonly bytes: number }): string {
  return `${plural(messages, "message")}, ${formatBytes(bytes)}`;
}

function spanText({ start, end, duration }: Span): string {
  if (start === undefined || duration === undefined) return "";
  const day = new Date(Number(start.split(".")[0]) * 1000).toISOString().slice(0, 10);
  return `, ${day} ${formatTime(start)} to ${formatTime(end)} UTC, ${latencyText(duration)}`;
}

/** Seconds in the unit that suits. */
function latencyText(seconds: number | undefined): string {
  return seconds === undefined ? "" : formatDuration(Math.round(seconds * 1e9));
}

/** A count that may be too high. */
function most(count: number, over = 0): string {
  return over > 0 ? `<= ${formatCount(count)}` : formatCount(count);
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
