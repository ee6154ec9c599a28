export * from "./choose-log.js";
export * from "./configuration.js";
export * from "./daemon.js";
export * from "./metric-families.js";
export * from "./print-configuration.js";
export * from "./record-proxy.js";
export { type Setting, ValueError } from "./setting.js";
export * from "./settings.js";
export * from "./tcp-endpoint.js";
