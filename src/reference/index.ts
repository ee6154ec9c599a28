export { typeFacts } from "./body-section.js";
export { exampleVersion, formatExample } from "./example.js";
export { fieldVersions } from "./fates.js";
export { RPC_KINDS, type RpcLine, rpcExample, rpcLines } from "./rpc-shape.js";
export { referencePages } from "./site.js";
export { type VersionRow, type VersionSection, versionRows } from "./version-rows.js";
