export * from "./frames.js";
export * from "./header.js";
export * from "./read.js";
export * from "./writer.js";
