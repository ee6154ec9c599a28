export * from "./rpc-client.js";
export * from "./traffic-tap.js";
