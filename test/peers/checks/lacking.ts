/**
 * What OpenFlow has and Open vSwitch 3.1 lacks, by version, with the error that it answers: the messages reach it, and it
 * understands what is asked. What it leaves undone without an error stands at the end.
 */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { apply, match } from "../flows/flow-case.js";
import { ALL_FLOWS } from "../lab.js";
import { resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_4, V1_5 } from "./suite.js";

interface Lack {
  readonly what: string;
  /** Wire versions that have it. */
  readonly since: number;
  readonly until?: number;
  readonly message: readonly [type: string, msg: unknown];
  /** Type and code of the ERROR. */
  readonly answer: string;
}

const flow = (instructions: readonly Json[], fields: Json = {}): Lack["message"] => [
  "FLOW_MOD",
  { table_id: 0, command: "ADD", match: match(fields), instructions },
];

const LACKS: readonly Lack[] = [
  {
    what: "copies of the time to live outwards",
    since: V1_1,
    message: flow(apply({ action: "COPY_TTL_OUT" })),
    answer: "BAD_ACTION OFPBAC_BAD_TYPE",
  },
  {
    what: "copies of the time to live inwards",
    since: V1_1,
    message: flow(apply({ action: "COPY_TTL_IN" })),
    answer: "BAD_ACTION OFPBAC_BAD_TYPE",
  },
  {
    what: "tags of provider backbones to push",
    since: V1_3,
    message: flow(apply({ action: "PUSH_PBB", ethertype: 0x88e7 })),
    answer: "BAD_ACTION OFPBAC_BAD_TYPE",
  },
  {
    what: "tags of provider backbones to pop",
    since: V1_3,
    message: flow(apply({ action: "POP_PBB" }), { ETH_TYPE: 0x88e7 }),
    answer: "BAD_ACTION OFPBAC_BAD_TYPE",
  },
  {
    what: "the service id of provider backbones",
    since: V1_3,
    message: flow([], { ETH_TYPE: 0x88e7, PBB_ISID: 5 }),
    answer: "BAD_MATCH OFPBMC_BAD_FIELD",
  },
  {
    what: "the customer address bit of provider backbones",
    since: V1_4,
    message: flow([], { ETH_TYPE: 0x88e7, PBB_UCA: 1 }),
    answer: "BAD_MATCH OFPBMC_BAD_FIELD",
  },
  {
    what: "physical ports below others",
    since: V1_2,
    message: flow([], { IN_PORT: 1, IN_PHY_PORT: 1 }),
    answer: "BAD_MATCH OFPBMC_BAD_FIELD",
  },
  {
    what: "extension headers of IPv6",
    since: V1_3,
    message: flow([], { ETH_TYPE: 0x86dd, IPV6_EXTHDR: 5 }),
    answer: "BAD_MATCH OFPBMC_BAD_FIELD",
  },
  {
    what: "statistics that a flow triggers",
    since: V1_5,
    message: flow([
      {
        instruction: "STAT_TRIGGER",
        flags: ["PERIODIC"],
        thresholds: [{ field: "PACKET_COUNT", value: 1000 }],
      },
    ]),
    answer: "BAD_INSTRUCTION OFPBIC_UNKNOWN_INST",
  },
  {
    what: "instructions of other vendors",
    since: V1_1,
    message: flow([{ instruction: "EXPERIMENTER", experimenter: 0xabcdef, data: "" }]),
    answer: "BAD_INSTRUCTION OFPBIC_BAD_EXPERIMENTER",
  },
  {
    what: "actions of other vendors",
    since: V1_0,
    message: flow(apply({ action: "EXPERIMENTER", experimenter: 0xabcdef, data: "00000000" })),
    answer: "BAD_ACTION OFPBAC_BAD_EXPERIMENTER",
  },
  {
    what: "an emergency table",
    since: V1_0,
    until: V1_0,
    message: ["FLOW_MOD", { table_id: 0, command: "ADD", flags: ["EMERG"], match: [] }],
    answer: "FLOW_MOD_FAILED OFPFMFC_TABLE_FULL",
  },
  {
    what: "meters that remark packets",
    since: V1_3,
    message: [
      "METER_MOD",
      {
        command: "ADD",
        meter_id: 1,
        flags: ["KBPS"],
        bands: [{ type: "DSCP_REMARK", rate: 1000, burst_size: 0, prec_level: 1 }],
      },
    ],
    answer: "METER_MOD_FAILED OFPMMFC_BAD_BAND",
  },
  {
    what: "statistics of flows without their descriptions",
    since: V1_5,
    message: ["FLOW_STATS_REQUEST", ALL_FLOWS],
    answer: "BAD_REQUEST OFPBRC_BAD_MULTIPART",
  },
  {
    what: "the state of controllers",
    since: V1_5,
    message: ["CONTROLLER_STATUS_REQUEST", {}],
    answer: "BAD_REQUEST OFPBRC_BAD_MULTIPART",
  },
  {
    what: "features of bundles",
    since: V1_5,
    message: ["BUNDLE_FEATURES_REQUEST", { feature_request_flags: ["TIMESTAMP"] }],
    answer: "BAD_REQUEST OFPBRC_BAD_MULTIPART",
  },
];

export function checkLacking(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const lacks = LACKS.filter(({ since, until = V1_5 }) => since <= version && version <= until);
  it.each(lacks.map((lack) => [lack.what, lack] as const))("%s", async (_, { message, answer }) => {
    const { msg } = await lab().refusal(...message);
    expect(`${msg.type} ${msg.code}`).toBe(answer);
  });

  it("reassembly of fragments: its configuration stays as it was", async () => {
    const config = { flags: ["FRAG_NORMAL"], miss_send_len: 128 };
    await lab().tell("SET_CONFIG", { ...config, flags: ["FRAG_REASM"] });
    expect((await lab().ask("GET_CONFIG_REQUEST", {})).msg).toEqual(config);
  });

  if (version >= V1_5) {
    it("numbers of controllers: the reply says 0", async () => {
      const role = { role: "ROLE_NOCHANGE", generation_id: 0 };
      const reply = await lab().ask("ROLE_REQUEST", { ...role, short_id: 77 });
      expect(reply.msg).toMatchObject({ role: "ROLE_EQUAL", short_id: 0 });
    });

    it("egress tables: a table stays one for packets that come in", async () => {
      const [table] = await lab().list("TABLE_FEATURES_REQUEST", []);
      const egress = { ...table, command: "MODIFY", features: ["EGRESS_TABLE"] };
      const answer = await lab().list("TABLE_FEATURES_REQUEST", [egress]);
      expect(answer[0]).toMatchObject({ table_id: 0, features: [] });
    });
  }
}
