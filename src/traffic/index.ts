export type { Meaning } from "./brief.js";
export { type BriefLine, type BriefOptions, briefLine, formatClock, formatDuration } from "./brief-line.js";
export { type Moment, nanosecondsBetween, type TrafficMessage, type TrafficWay } from "./message.js";
export { pairText, seconds } from "./pair-keys.js";
export { type Answer, type Covered, type Paired, Pairing } from "./pairing.js";
export { PENDING_LIMITS, type PendingLimits, type Sent } from "./pending.js";
export type { SideName } from "./sender.js";
