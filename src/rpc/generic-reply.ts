// The filter action GENERIC_REPLY: answers pings by a PACKET_OUT to the port that they came from.
import { ChannelError, EncodeError, log } from "../base/index.js";
import type { Channel } from "../channel/index.js";
import { encodeMessage, MessageWriter } from "../codec/encode.js";
import { echoReply } from "../packet/index.js";
import { formatHex } from "../text/index.js";
import type { PacketIn } from "./packet-in.js";

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

/**
 * Answers an ICMPv4 echo request in the channel's version. False when the packet is none, has no ingress port, or the answer cannot
 * be sent.
 */
export function replyTo({ bytes, start, end, inPort }: PacketIn, channel: Channel): boolean {
  const frame = echoReply(bytes, start, end);
  const port = frame === undefined ? undefined : inPort();
  if (frame === undefined || port === undefined) return false;
  const msg = {
    buffer_id: "NO_BUFFER",
    in_port: "CONTROLLER",
    actions: [{ action: "OUTPUT", port_no: port, max_len: 0 }],
    data: formatHex(frame),
  };
  writer.reset();
  try {
    const xid = channel.nextXid();
    encodeMessage({ type: "PACKET_OUT", msg }, writer, { version: channel.version, xid });
    channel.send(writer.view());
    return true;
  } catch (error) {
    if (!(error instanceof EncodeError) && !(error instanceof ChannelError)) throw error;
    log.warn({ conn_id: channel.facts.connId, err: error }, "echo request not answered");
    return false;
  }
}
