import { IP_FRAMES } from "./ip.js";
import { LINK_FRAMES } from "./link.js";
import { LLDP_FRAMES } from "./lldp.js";
import { TRANSPORT_FRAMES } from "./transport.js";

export { type Golden, hex, lines, padded, payloadOf } from "./golden.js";

/** A frame of each protocol and of each form that it has. */
export const GOLDEN_FRAMES = [...LINK_FRAMES, ...LLDP_FRAMES, ...IP_FRAMES, ...TRANSPORT_FRAMES];
