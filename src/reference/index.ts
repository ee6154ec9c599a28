export { exampleVersion, formatExample } from "./example.js";
export { fieldVersions } from "./fates.js";
export { RPC_TOPICS, type RpcLine, type RpcTopic } from "./rpc-topics.js";
export { referencePages } from "./site.js";
export { type VersionRow, type VersionSection, versionRows } from "./version-rows.js";
