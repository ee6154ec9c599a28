export * from "./choose-log.js";
export * from "./configuration.js";
export * from "./daemon.js";
export * from "./metric-families.js";
export * from "./print-configuration.js";
export type { Setting } from "./setting.js";
export * from "./settings.js";
