import { DEFAULT_LIMITS } from "../../src/base/index.js";
import {
  type ChannelFacts,
  type ConnectionOptions,
  keepaliveOf,
  timeoutsOf,
} from "../../src/channel/index.js";

/** Facts of a connection that was made with these options. */
export function makeFacts(options: ConnectionOptions, more: Partial<ChannelFacts> = {}): ChannelFacts {
  const { versions, features, checkVersion } = options;
  return {
    connId: 3,
    local: { host: "127.0.0.1", port: 6653 },
    remote: { host: "127.0.0.1", port: 40000 },
    transport: "TCP",
    options,
    handshake: { versions, features, checkVersion, maxParts: 256 },
    timeouts: timeoutsOf(options, DEFAULT_LIMITS),
    keepalive: keepaliveOf(options),
    accepted: true,
    ...more,
  };
}
