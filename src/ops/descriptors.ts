// How many peers the system lets in: each needs a descriptor.
import { readFileSync } from "node:fs";
import { type Limits, log } from "../base/index.js";

/** How many descriptors may be open: Node raises the soft limit to the hard one when it starts. Undefined where there is no /proc. */
export function maxDescriptors(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "latin1");
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** Tells in the log that peers may be refused before a limit is reached: by the system, and without a word anywhere. */
export function warnOfDescriptors({ connections, clients }: Limits): void {
  const max = log.enabled("warn") ? maxDescriptors() : undefined;
  if (max === undefined || max >= connections + clients) return;
  log.warn(
    { max_fds: max, connections, clients },
    "the system allows fewer descriptors than the limits allow peers",
  );
}
