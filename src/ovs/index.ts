/** Flows in the notation of Open vSwitch (ovs-ofctl(8), ovs-actions(7)): from lines to messages and back. */
export { FlowError, type FlowErrorCode } from "./flow-error.js";
export { type OvsFlowMessage, type OvsFlowOptions, parseOvsFlow } from "./flow-parse.js";
export { readFlow } from "./flow-reader.js";
export { formatOvsMessage, formatOvsPart, formatOvsTexts, type OvsMessage } from "./format-message.js";
