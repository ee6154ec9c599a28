/** The flows that each version is tried with. */
import * as fixed from "./fixed.js";
import type { FlowCase } from "./flow-case.js";
import * as oxm from "./oxm.js";

/** Flows for a wire version: those that it can express and whose text is the same, or given for it. */
export function flowsOf(version: number): {
  readonly matches: readonly FlowCase[];
  readonly actions: readonly FlowCase[];
} {
  const { matches, actions } = version < 3 ? fixed : oxm;
  return { matches: forVersion(matches, version), actions: forVersion(actions, version) };
}

function forVersion(cases: readonly FlowCase[], version: number): FlowCase[] {
  return cases.flatMap((one) => {
    const { since = 1, until = 6, in: others } = one;
    return since <= version && version <= until ? [{ ...one, ...others?.[version] }] : [];
  });
}
