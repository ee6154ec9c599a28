// A door for those who need streams, time and errors of the system, and no OpenFlow: it loads nothing more.
export * from "./clock.js";
export * from "./outbox.js";
export * from "./system-error.js";
