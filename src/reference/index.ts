export { exampleVersion, formatExample } from "./example.js";
export { fieldVersions } from "./fates.js";
export { RPC_TOPICS, type RpcLine, type RpcTopic } from "./rpc-topics.js";
