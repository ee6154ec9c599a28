import { log } from "../base/index.js";

/** Milliseconds after the start when nobody waits for it any more. */
const LATE = 1000;

/**
 * Loads, a little after the start, the parts of the program that the first switch or request needs: these are spared the wait, and a
 * daemon that has been idle for long does not look for files that a new version has replaced meanwhile.
 */
export function loadLateParts(): void {
  setTimeout(() => {
    Promise.all([
      import("../codec/decode.js"),
      import("../codec/encode.js"),
      import("../codec/match.js"),
      import("../packet/index.js"),
      import("../ovs/index.js"),
      import("yaml"),
    ]).then(
      () => log.debug({}, "all parts loaded"),
      (err: unknown) => log.error({ err }, "parts of the program cannot be loaded"),
    );
  }, LATE).unref();
}
