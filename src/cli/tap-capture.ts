/** The traffic of a daemon as a capture file that Wireshark opens. */
import { type Endpoint, parseEndpoint, type WallTime } from "../channel/index.js";
import type { TappedMessage } from "../client/index.js";
import { type Conversation, type ConversationSide, ConversationWriter } from "../pcap/index.js";
import { ConnectionMap } from "./connection-map.js";
import { type Output, writeOutput } from "./output.js";
import type { TapSink } from "./tapping.js";
import { VERSION } from "./version.js";

const HELLO = 0;

const NOWHERE: Endpoint = { host: "", port: 0 };

/** Said of the first packet of a TLS connection. */
const DECRYPTED = "This connection is TLS; what is shown is decrypted.";

/** Writes what a tap shows to a file, each message at once. */
export class TapCapture implements TapSink {
  readonly #output: Output;
  readonly #writer: ConversationWriter;
  readonly #conversations = new ConnectionMap<Conversation>();

  /** @param where  the daemon, for people */
  constructor(output: Output, where: string) {
    this.#output = output;
    this.#writer = new ConversationWriter({
      program: `oftr ${VERSION}`,
      name: "oftr",
      description: `OpenFlow connections of the daemon at ${where}; the headers of Ethernet, IP and TCP are made up, but for addresses and ports`,
    });
  }

  begin(): void {
    this.#flush();
  }

  take(message: TappedMessage): void {
    const { connId, time, bytes, missed, missedBytes } = message;
    let conversation = this.#conversations.get(connId);
    if (conversation === undefined) {
      conversation = makeConversation(message);
      this.#conversations.set(connId, conversation);
      if (bytes[1] === HELLO) this.#writer.open(conversation, time);
    }
    const side = sideOf(conversation, message);
    let comment: string | undefined;
    if (missed > 0) {
      this.#writer.skip(conversation, side, missedBytes);
      comment =
        missed === 1
          ? "1 message before this one was missed."
          : `${missed} messages before this one were missed.`;
    }
    this.#writer.add(conversation, side, bytes, time, comment);
    this.#flush();
  }

  down(connId: number, time: WallTime): void {
    const conversation = this.#conversations.get(connId);
    if (conversation === undefined) return;
    this.#conversations.delete(connId);
    this.#writer.close(conversation, time);
    this.#flush();
  }

  #flush(): void {
    writeOutput(this.#output, this.#writer.take());
  }
}

function makeConversation(message: TappedMessage): Conversation {
  const { src, dst, direction, connId, datapathId, transport, openedBy } = message;
  const [sender, receiver] = [parseEndpoint(src) ?? NOWHERE, parseEndpoint(dst) ?? NOWHERE];
  const clientIsRemote = openedBy === "SWITCH";
  const senderIsClient = clientIsRemote === (direction === "FROM_SWITCH");
  const [client, server] = senderIsClient ? [sender, receiver] : [receiver, sender];
  const name = datapathId === "" ? "" : `, datapath_id ${datapathId}`;
  const comment = `conn_id ${connId}${name}.${transport === "TLS" ? ` ${DECRYPTED}` : ""}`;
  return { client, server, clientIsRemote, comment };
}

function sideOf({ clientIsRemote }: Conversation, { direction }: TappedMessage): ConversationSide {
  return (direction === "FROM_SWITCH") === clientIsRemote ? "client" : "server";
}
