// The traffic of a daemon, as a client sees it: OFP.TAP and its events, read.
import type { Clock, WallTime } from "../channel/streams.js";
import type { TunnelMapping } from "../codec/decode.js";
import type { DialectName, RpcTransport } from "../rpc/calling.js";
import { RpcClient } from "./rpc-client.js";

/** A message that went over a connection of the daemon. */
export interface TappedMessage {
  readonly time: WallTime;
  readonly connId: number;
  /** "" while unknown. */
  readonly datapathId: string;
  readonly auxiliaryId: number;
  readonly direction: "FROM_SWITCH" | "TO_SWITCH";
  /** Who sends it and who gets it: `127.0.0.1:6653`. */
  readonly src: string;
  readonly dst: string;
  readonly transport: "TCP" | "TLS";
  /** Who has made the connection. */
  readonly openedBy: "SWITCH" | "DAEMON";
  /** Messages of this connection and direction that were missed before this one, and their bytes. */
  readonly missed: number;
  readonly missedBytes: number;
  /** What the daemon knows of the options of tunnels; undefined: as before, or nothing. */
  readonly tunnelOptions: readonly TunnelMapping[] | undefined;
  /** The whole message. */
  readonly bytes: Buffer;
}

/** Who is told what. */
export interface TapListener {
  onMessage(message: TappedMessage): void;
  /** A connection has ended that was up. */
  onDown(connId: number, time: WallTime): void;
  /** Messages were missed since the last time. @param total  since the tap began */
  onMissed(count: number, total: number): void;
  /** The daemon has gone, or `close` was called. */
  onClose(): void;
}

/** A tap at a daemon. */
export class TrafficTap {
  readonly #client: RpcClient;
  readonly #listener: TapListener;

  constructor(
    transport: RpcTransport,
    options: { readonly clock: Clock; readonly dialect: DialectName },
    listener: TapListener,
  ) {
    this.#listener = listener;
    this.#client = new RpcClient(transport, {
      ...options,
      onEvent: (text) => this.#onEvent(text),
      onClose: () => listener.onClose(),
    });
  }

  /**
   * Begins. Rejects with RpcError when the daemon refuses, with CallError when it says nothing.
   * @param choice   params of OFP.TAP; what form messages have is not one of them
   * @param timeout  milliseconds for all answers
   */
  async start(choice: Readonly<Record<string, unknown>>, timeout: number): Promise<void> {
    // Nothing but what a tap needs: the end of connections. Alerts about the tap itself come unasked.
    await this.#client.request("OFP.SUBSCRIBE", '{"types":["CHANNEL_DOWN"]}', timeout);
    await this.#client.request("OFP.TAP", JSON.stringify({ ...choice, form: "BYTES" }), timeout);
  }

  /**
   * Ends the tap; resolves, when all that it has shown was told, with the number of messages that were missed since it began. Rejects with
   * CallError when the daemon does not say.
   * @param timeout  milliseconds
   */
  async end(timeout: number): Promise<number> {
    const reply = await this.#client.request("OFP.TAP", '{"enabled":false}', timeout);
    return (JSON.parse(reply) as { missed: number }).missed;
  }

  /** Ends the connection to the daemon, and with it the tap. */
  close(): void {
    this.#client.close();
  }

  #onEvent(text: string): void {
    const { params } = JSON.parse(text) as { params?: TapEvent };
    switch (params?.type) {
      case "TAPPED":
        this.#listener.onMessage(readMessage(params));
        break;
      case "CHANNEL_DOWN":
        this.#listener.onDown(params.conn_id, readTime(params.time));
        break;
      case "CHANNEL_ALERT":
        if (params.msg?.reason === "TAP_DROPPED") {
          this.#listener.onMissed(params.msg.count ?? 0, params.msg.total ?? 0);
        }
    }
  }
}

/** What events say, as far as it matters here. */
interface TapEvent {
  readonly type: string;
  readonly time: string;
  readonly conn_id: number;
  readonly datapath_id?: string;
  readonly auxiliary_id?: number;
  readonly direction: "FROM_SWITCH" | "TO_SWITCH";
  readonly src: string;
  readonly dst: string;
  readonly transport: "TCP" | "TLS";
  readonly opened_by: "SWITCH" | "DAEMON";
  readonly missed?: number;
  readonly missed_bytes?: number;
  readonly tunnel_options?: readonly TunnelMapping[];
  readonly data?: string;
  readonly msg?: { readonly reason?: string; readonly count?: number; readonly total?: number };
}

function readMessage(event: TapEvent): TappedMessage {
  return {
    time: readTime(event.time),
    connId: event.conn_id,
    datapathId: event.datapath_id ?? "",
    auxiliaryId: event.auxiliary_id ?? 0,
    direction: event.direction,
    src: event.src,
    dst: event.dst,
    transport: event.transport,
    openedBy: event.opened_by,
    missed: event.missed ?? 0,
    missedBytes: event.missed_bytes ?? 0,
    tunnelOptions: event.tunnel_options,
    bytes: Buffer.from(event.data ?? "", "hex"),
  };
}

function readTime(text: string): WallTime {
  const [sec = "0", fraction = ""] = text.split(".");
  return { sec: Number(sec), nsec: Number(fraction.padEnd(9, "0").slice(0, 9)) };
}
