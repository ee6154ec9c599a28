/** The traffic of a daemon as text. */
import { DecodeError } from "../base/index.js";
import type { TappedMessage } from "../client/index.js";
import { type Envelope, makeEnvelope, TunnelOptions } from "../codec/decode.js";
import { formatHex, Text } from "../text/index.js";
import type { SideName, TrafficWay } from "../traffic/index.js";
import { ConnectionMap } from "./connection-map.js";
import { complain } from "./failures.js";
import type { MessagePrinter } from "./message-printer.js";
import { type Output, writeOutput } from "./output.js";
import type { Painter } from "./paint.js";
import type { Studied } from "./study.js";
import type { TapSink } from "./tapping.js";

/** Of both directions of a connection, as long as no more is known of the switch. */
interface Envelopes {
  readonly datapathId: string;
  /** What the daemon has told of the options of tunnels. */
  readonly options: TunnelOptions;
  FROM_SWITCH?: Envelope;
  TO_SWITCH?: Envelope;
}

/** Prints what a tap shows as `oftr decode` does. */
export class TapPrinter implements TapSink {
  /** A message could not be decoded. */
  failed = false;
  readonly #output: Output;
  readonly #printer: MessagePrinter;
  readonly #paint: Painter | undefined;
  readonly #text = new Text();
  readonly #envelopes = new ConnectionMap<Envelopes>();

  /** @param paint  colours what is printed */
  constructor(output: Output, printer: MessagePrinter, paint?: Painter) {
    this.#output = output;
    this.#printer = printer;
    this.#paint = paint;
  }

  begin(): void {}

  take(message: TappedMessage): void {
    const { bytes, connId } = message;
    const envelope = this.#envelopeOf(message);
    Object.assign(envelope, message.time);
    if (message.tunnelOptions !== undefined) envelope.options?.know(message.tunnelOptions);
    try {
      this.#printer.print(bytes, 0, bytes.length, this.#text, envelope, studiedOf(message));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.failed = true;
      complain(`connection ${connId}: ${error.message}: ${formatHex(bytes)}`);
      return;
    }
    const text = this.#text.take();
    writeOutput(this.#output, this.#paint?.(text) ?? text);
    this.#text.rewind();
  }

  down(connId: number): void {
    this.#envelopes.delete(connId);
  }

  #envelopeOf({ connId, src, dst, datapathId, auxiliaryId, direction }: TappedMessage): Envelope {
    let known = this.#envelopes.get(connId);
    if (known?.datapathId !== datapathId) {
      known = { datapathId, options: known?.options ?? new TunnelOptions() };
      this.#envelopes.set(connId, known);
    }
    const name = datapathId === "" ? {} : { datapath_id: datapathId };
    const keys = { conn_id: connId, src, dst, ...name, auxiliary_id: auxiliaryId };
    known[direction] ??= makeEnvelope(keys, known.options);
    return known[direction];
  }
}

const SENDERS: Readonly<Record<TappedMessage["direction"], SideName>> = {
  FROM_SWITCH: "switch",
  TO_SWITCH: "controller",
};

/** What the daemon tells of a message, as a study would: nothing is paired. */
function studiedOf({ time, connId, src, dst, direction }: TappedMessage): Studied {
  const way: TrafficWay = { connId, src, dst };
  return { at: time, paired: { number: 0, type: "", answer: undefined, way, sender: SENDERS[direction] } };
}
