// Why channels fail and end: the words that CHANNEL_ALERT and CHANNEL_DOWN give to programs.
import { TLS_REASONS, type TlsReason } from "./tls-failure.js";

/** The reasons besides those of TLS, each with its meaning, in the order of a channel's life. These names do not change. */
export const CHANNEL_REASONS = {
  CONNECT_FAILED: "A connection with `reconnect` could not be made; the next attempt follows.",
  CONNECT_TIMEOUT: "The same: there was no answer within `connect_timeout`.",
  CONNECTION_LIMIT: "There are as many connections as the limits allow; this one was closed.",
  HELLO_TIMEOUT: "The peer sent no HELLO in time.",
  HELLO_INCOMPATIBLE: "There is no OpenFlow version that both sides speak.",
  HELLO_REFUSED: "The peer refused our HELLO with an ERROR.",
  FEATURES_TIMEOUT: "The switch did not answer FEATURES_REQUEST in time.",
  FEATURES_REFUSED: "The switch answered FEATURES_REQUEST with an ERROR.",
  DATAPATH_ID_ZERO: "The switch says that its datapath_id is 0.",
  PORT_DESC_TIMEOUT: "The switch did not answer PORT_DESC_REQUEST in time.",
  PORT_DESC_REFUSED:
    "The switch answered PORT_DESC_REQUEST with an ERROR. Where that says that it does not know the request, the channel is up without ports.",
  PORT_DESC_LIMIT: "PORT_DESC_REPLY has more parts than the limits allow.",
  DATAPATH_NOT_IN_CERTIFICATE: "The switch's certificate is not for its datapath_id: see `bind_datapath`.",
  DUPLICATE_DATAPATH: "There is a connection of this datapath, and `duplicate_datapath` says that it stays.",
  AUXILIARY_REFUSED: "The auxiliary connection does not go with a main one.",
  EARLY_LIMIT: "Messages that came before the channel was up were more than the limits allow; some are lost.",
  WRONG_VERSION: "A message of another version than the agreed one; it is not delivered.",
  DECODE_FAILED: "A message that cannot be decoded.",
  BAD_HEADER: "The bytes are no OpenFlow message; where the next one begins is not known any more.",
  FRAME_LIMIT: "A message longer than the limits allow.",
  KEEPALIVE_TIMEOUT: "The peer was silent, and did not answer when it was asked.",
  PEER_CLOSED: "The peer closed the connection.",
  PEER_RESET: "The connection broke: it was reset, or the network failed.",
  CLOSED_BY_CLIENT: "OFP.CLOSE.",
  REPLACED: "A newer connection of the same datapath took its place.",
  SHUTDOWN: "The daemon ends.",
  SEND_FAILED: "An OFP.SEND without id could not be carried out.",
} as const satisfies Readonly<Record<string, string>>;

/** Why something went wrong on a connection, or why it ended. */
export type ChannelReason = keyof typeof CHANNEL_REASONS | TlsReason;

/** All reasons with their meanings. */
export const REASONS: Readonly<Record<ChannelReason, string>> = { ...CHANNEL_REASONS, ...TLS_REASONS };

/** Why a connection ended. */
export interface CloseCause {
  readonly reason: ChannelReason;
  /** For people; without full stop. */
  readonly message: string;
}
