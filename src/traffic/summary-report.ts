// What a summary says: the object that `oftr decode --summary -j` prints.
import type { SideName } from "./sender.js";

/** Times are seconds since 1970 with nine decimals, as texts; durations and latencies are seconds, as numbers. */
export interface SummaryReport extends Span {
  readonly messages: number;
  readonly bytes: number;
  readonly connections: readonly ConnectionReport[];
  /** Connections that came when there were many already, summed. */
  readonly others?: OthersReport;
  /** The requests whose replies took longest, longest first. */
  readonly slowest: readonly SlowRequest[];
  readonly unanswered: UnansweredReport;
  readonly packet_in: PacketInReport;
}

/** From the first message to the last; empty where times are not known. */
export interface Span {
  readonly start?: string;
  readonly end?: string;
  readonly duration?: number;
}

/** What all the messages of some connections are together. */
export interface TallyReport extends Span {
  readonly messages: number;
  readonly bytes: number;
  /** Of the messages: those that could not be decoded. */
  readonly undecodable: number;
  /** What came from the controller first, then from the switch, then the rest; of each the most frequent first. */
  readonly types: readonly TypeReport[];
  /** The most frequent first. */
  readonly errors: readonly ErrorReport[];
  /** How many PACKET_INs came for which reason. */
  readonly packet_in_reasons: Readonly<Record<string, number>>;
}

export interface ConnectionReport extends TallyReport {
  /** Not there for an input that is no capture. */
  readonly conn_id?: number;
  /** Counts inputs that are no captures. */
  readonly input?: number;
  /** Wire version of the last message that is not HELLO, or else of HELLO. */
  readonly version: number;
  readonly datapath_id?: string;
  /** Of an auxiliary connection. */
  readonly auxiliary_id?: number;
  /** Address and port of each side. */
  readonly switch?: string;
  readonly controller?: string;
  /** The same, where it is not known which is which. */
  readonly ends?: readonly string[];
}

export interface OthersReport extends TallyReport {
  readonly connections: number;
}

export interface TypeReport {
  readonly type: string;
  /** Null where that is not known. */
  readonly from: SideName | null;
  readonly count: number;
  readonly bytes: number;
  /** Messages in a second; not there where the connection has no duration. */
  readonly rate?: number;
  /** Of requests: until the reply, or its last part. */
  readonly latency?: LatencyReport;
}

export interface LatencyReport {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface ErrorReport {
  readonly type: string;
  readonly code: string;
  /** What type and code mean, in a sentence; "" where nobody knows. */
  readonly meaning: string;
  /** Type of the message that the ERROR is about; null where it was not found. */
  readonly request: string | null;
  /** Never too low. */
  readonly count: number;
  /** How much too high `count` may be, at most; not there when it is exact. */
  readonly over?: number;
}

/** A request, and where it was. */
export interface RequestReport {
  readonly conn_id?: number;
  /** Counts the messages, from 1: `number` of `_pair`. */
  readonly number: number;
  readonly type: string;
  readonly xid: number;
  readonly time?: string;
}

export interface SlowRequest extends RequestReport {
  readonly latency: number;
}

export interface UnansweredReport {
  readonly count: number;
  /** Requests that were too long without a reply to be remembered. */
  readonly forgotten: number;
  readonly oldest: readonly RequestReport[];
}

export interface PacketInReport {
  readonly count: number;
  /** Who has sent most of the packets in PACKET_INs, by connection, port and addresses. */
  readonly senders: readonly SenderReport[];
  /** The ports where most of them came in. */
  readonly ports: readonly SenderReport[];
}

export interface SenderReport {
  readonly conn_id?: number;
  readonly in_port: string;
  readonly eth_src?: string;
  readonly ip_src?: string;
  /** Never too low. */
  readonly count: number;
  /** How much too high `count` may be, at most; not there when it is exact. */
  readonly over?: number;
}
