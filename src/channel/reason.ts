// Why channels fail and end: the words that CHANNEL_ALERT and CHANNEL_DOWN give to programs. schemas/rpc.yaml says what they mean.
import type { TLS_REASONS } from "./tls-failure.js";

/** The reasons besides those of TLS, in the order of a channel's life. These names do not change. */
export const CHANNEL_REASONS = [
  "CONNECT_FAILED",
  "CONNECT_TIMEOUT",
  "CONNECTION_LIMIT",
  "HELLO_TIMEOUT",
  "HELLO_INCOMPATIBLE",
  "HELLO_REFUSED",
  "FEATURES_TIMEOUT",
  "FEATURES_REFUSED",
  "DATAPATH_ID_ZERO",
  "PORT_DESC_TIMEOUT",
  "PORT_DESC_REFUSED",
  "PORT_DESC_LIMIT",
  "DATAPATH_NOT_IN_CERTIFICATE",
  "DUPLICATE_DATAPATH",
  "AUXILIARY_REFUSED",
  "EARLY_LIMIT",
  "WRONG_VERSION",
  "DECODE_FAILED",
  "BAD_HEADER",
  "FRAME_LIMIT",
  "KEEPALIVE_TIMEOUT",
  "PEER_CLOSED",
  "PEER_RESET",
  "CLOSED_BY_CLIENT",
  "REPLACED",
  "SHUTDOWN",
  "SEND_FAILED",
] as const;

/** Why something went wrong on a connection, or why it ended. */
export type ChannelReason = (typeof CHANNEL_REASONS | typeof TLS_REASONS)[number];

/** Why a connection ended. */
export interface CloseCause {
  readonly reason: ChannelReason;
  /** For people; without full stop. */
  readonly message: string;
}
