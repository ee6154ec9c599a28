export { type Aged, AgeList } from "./age-list.js";
export * from "./cut-text.js";
export * from "./errors.js";
export * from "./limits.js";
export * from "./log.js";
export * from "./path.js";
export * from "./suggest.js";
export * from "./versions.js";
export * from "./write-stderr.js";
