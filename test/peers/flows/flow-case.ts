/** Flows that are written by the daemon and read back, as text by ovs-ofctl and as JSON by the daemon. */
import { beforeEach, expect, it } from "vitest";
import type { Json } from "../daemon.js";
import type { Lab } from "../lab.js";

export interface FlowCase {
  readonly name: string;
  /** FLOW_MOD without command. */
  readonly flow: Json;
  /** What ovs-ofctl dump-flows says. */
  readonly text: string;
  /** Keys of FLOW_DESC_REPLY that are not what was written: switches add fields and leave out defaults. */
  readonly read?: Json;
  /** First and last wire version that are tried; all of the file if not given. */
  readonly since?: number;
  readonly until?: number;
  /** What is different in a wire version. */
  readonly in?: { readonly [version: number]: Partial<Pick<FlowCase, "flow" | "text" | "read">> };
}

/** A match from field names and values; `[value, mask]` is a value under a mask. */
export function match(fields: Json): Json[] {
  return Object.entries(fields).map(([field, value]) =>
    Array.isArray(value) ? { field, value: value[0], mask: value[1] } : { field, value },
  );
}

/** The instructions of a flow that applies actions. */
export function apply(...actions: Json[]): Json[] {
  return [{ instruction: "APPLY_ACTIONS", actions }];
}

/** OUTPUT to a port. */
export function output(port: number | string): Json {
  return { action: "OUTPUT", port_no: port, max_len: 0 };
}

/** SET_FIELD actions from field names and values. */
export function set(fields: Json): Json[] {
  return Object.entries(fields).map(([field, value]) => ({ action: "SET_FIELD", field, value }));
}

/** One test for each flow. */
export function checkFlows(lab: () => Lab, cases: readonly FlowCase[]): void {
  beforeEach(() => lab().reset());
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, { flow, text, read }) => {
    await lab().addFlow(flow);
    expect(await lab().flows()).toEqual([text]);
    const [desc] = await lab().flowDesc();
    expect(sorted(desc ?? {})).toMatchObject(sorted({ match: [], instructions: [], ...flow, ...read }));
  });
}

/** A flow with its match in alphabetical order: the order of fields says nothing, and Open vSwitch has its own. */
function sorted(flow: Json): Json {
  const fields = [...(flow.match as { readonly field: string }[])];
  return { ...flow, match: fields.sort((a, b) => (a.field < b.field ? -1 : 1)) };
}
