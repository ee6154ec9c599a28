export * from "./check.js";
export * from "./groups.js";
export * from "./load.js";
export * from "./model.js";
export * from "./parse.js";
export { LIST_ROW } from "./parse-body.js";
export * from "./read.js";
export * from "./tree.js";
export * from "./units.js";
