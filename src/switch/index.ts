export * from "./connection.js";
export * from "./datapath.js";
export * from "./describe.js";
export * from "./flow-table.js";
