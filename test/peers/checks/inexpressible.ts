/** What a version before 1.5 cannot say never reaches the switch. */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { apply, match } from "../flows/flow-case.js";
import { resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_4 } from "./suite.js";

interface Inexpressible {
  readonly what: string;
  /** The last wire version without it. */
  readonly until: number;
  readonly message: readonly [type: string, msg: Json];
}

const flow = (msg: Json): Inexpressible["message"] => ["FLOW_MOD", { table_id: 0, command: "ADD", ...msg }];

const MESSAGES: readonly Inexpressible[] = [
  { what: "metadata to match", until: V1_0, message: flow({ match: match({ METADATA: 1 }) }) },
  {
    what: "IPv6 addresses to match",
    until: V1_1,
    message: flow({ match: match({ ETH_TYPE: 0x86dd, IPV6_DST: "2001:db8::1" }) }),
  },
  {
    what: "another table to go to",
    until: V1_0,
    message: flow({ instructions: [{ instruction: "GOTO_TABLE", table_id: 1 }] }),
  },
  {
    what: "copies of the time to live",
    until: V1_0,
    message: flow({ instructions: apply({ action: "COPY_TTL_OUT" }) }),
  },
  {
    what: "IPv6 addresses to set",
    until: V1_1,
    message: flow({ instructions: apply({ action: "SET_FIELD", field: "IPV6_DST", value: "::1" }) }),
  },
  {
    what: "meters of flows",
    until: V1_2,
    message: flow({ instructions: [{ instruction: "METER", meter_id: 1 }] }),
  },
  {
    what: "importance of flows",
    until: V1_3,
    message: flow({ importance: 5 }),
  },
  {
    what: "copies of fields",
    until: V1_2,
    message: flow({ instructions: apply({ action: "COPY_FIELD", src: "ETH_SRC", dst: "ETH_DST" }) }),
  },
  {
    what: "meters as actions",
    until: V1_4,
    message: flow({ instructions: apply({ action: "METER", meter_id: 1 }) }),
  },
  { what: "groups", until: V1_0, message: ["GROUP_DESC_REQUEST", {}] },
  { what: "roles", until: V1_1, message: ["ROLE_REQUEST", { role: "ROLE_EQUAL", generation_id: 0 }] },
  { what: "meters", until: V1_2, message: ["METER_STATS_REQUEST", { meter_id: "ALL" }] },
  { what: "features of tables", until: V1_2, message: ["TABLE_FEATURES_REQUEST", {}] },
  { what: "asynchronous configuration", until: V1_2, message: ["GET_ASYNC_REQUEST", {}] },
  {
    what: "bundles",
    until: V1_3,
    message: ["BUNDLE_CONTROL", { bundle_id: 1, type: "OPEN_REQUEST", flags: [] }],
  },
  { what: "descriptions of tables", until: V1_3, message: ["TABLE_DESC_REQUEST", {}] },
  { what: "the state of controllers", until: V1_4, message: ["CONTROLLER_STATUS_REQUEST", {}] },
  {
    what: "the description of one group",
    until: V1_4,
    message: ["GROUP_DESC_REQUEST", { group_id: 5 }],
  },
];

export function checkInexpressible(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const chosen = MESSAGES.filter(({ until }) => version <= until);
  it.each(chosen.map((one) => [one.what, one.message] as const))("%s", async (_, [type, msg]) => {
    const of = `OpenFlow 1.${version - 1}`;
    await expect(lab().tell(type, msg)).rejects.toThrow(
      new RegExp(`(cannot be expressed|does not exist) in ${of}`),
    );
    expect(await lab().flows()).toEqual([]);
  });
}
