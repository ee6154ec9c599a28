// The flow table of the simulated switch (OF 1.3.5 §6.4).
import { covers, isSameMatch, type MatchTerms, overlap, readTerms } from "../codec/match.js";

/** An instruction or action, as messages carry it. */
export type Step = Readonly<Record<string, unknown>>;

/** One field of a match, as messages carry it. */
export interface MatchField {
  readonly field: string;
  readonly value: unknown;
  readonly mask?: unknown;
}

/** A 64-bit number as messages carry it: digits when it has 16 or more. */
export type Wide = number | string;

/** What a FLOW_MOD says. */
export interface FlowMod {
  readonly command: string;
  readonly table_id: number | string;
  readonly priority: number;
  readonly cookie: Wide;
  readonly cookie_mask: Wide;
  readonly idle_timeout: number;
  readonly hard_timeout: number;
  readonly out_port: number | string;
  readonly flags: readonly string[];
  readonly match: readonly MatchField[];
  readonly instructions: readonly Step[];
}

/** Which flows a request is about. */
export type FlowFilter = Pick<FlowMod, "table_id" | "cookie" | "cookie_mask" | "out_port" | "match">;

/** A flow entry. */
export interface Flow {
  readonly mod: FlowMod;
  readonly match: MatchTerms;
  instructions: readonly Step[];
  packets: number;
  bytes: number;
  /** Milliseconds of the switch's clock. */
  readonly added: number;
  used: number;
}

/** A flow that is gone, and why. */
export interface Removal {
  readonly flow: Flow;
  readonly reason: "IDLE_TIMEOUT" | "HARD_TIMEOUT" | "DELETE";
}

/** Thrown for a FLOW_MOD that is refused. */
export class FlowModRefused extends Error {
  readonly reason: "OFPFMFC_TABLE_FULL" | "OFPFMFC_BAD_TABLE_ID" | "OFPFMFC_OVERLAP" | "OFPFMFC_BAD_COMMAND";

  constructor(reason: FlowModRefused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/** The one table of the switch. */
export class FlowTable {
  readonly #limit: number;
  readonly #version: number;
  #flows: Flow[] = [];
  lookups = 0;
  matched = 0;

  /**
   * @param limit    flows it holds at most
   * @param version  wire version of the matches
   */
  constructor(limit: number, version: number) {
    this.#limit = limit;
    this.#version = version;
  }

  get size(): number {
    return this.#flows.length;
  }

  /**
   * Carries out a FLOW_MOD and gives the flows that it deleted. Throws FlowModRefused.
   * @param addsOnModify  a MODIFY that finds no flow adds one: OpenFlow 1.0 (§4.6)
   */
  apply(mod: FlowMod, now: number, addsOnModify: boolean): Removal[] {
    switch (mod.command) {
      case "ADD":
        this.#add(mod, now);
        return [];
      case "MODIFY":
      case "MODIFY_STRICT": {
        const targets = this.#targets(mod, mod.command === "MODIFY_STRICT");
        for (const flow of targets) flow.instructions = mod.instructions;
        if (targets.length === 0 && addsOnModify) this.#add(mod, now);
        return [];
      }
      case "DELETE":
      case "DELETE_STRICT":
        return this.#remove(this.#targets(mod, mod.command === "DELETE_STRICT"), "DELETE");
      default:
        throw new FlowModRefused("OFPFMFC_BAD_COMMAND");
    }
  }

  /** The flow of highest priority that takes the packet; counts it. */
  lookup(packet: MatchTerms, length: number, now: number): Flow | undefined {
    this.lookups++;
    let best: Flow | undefined;
    for (const flow of this.#flows) {
      if (best !== undefined && flow.mod.priority <= best.mod.priority) continue;
      if (covers(flow.match, packet)) best = flow;
    }
    if (best === undefined) return undefined;
    this.matched++;
    best.packets++;
    best.bytes += length;
    best.used = now;
    return best;
  }

  /** The flows that a request asks for, oldest first. */
  select(filter: FlowFilter): Flow[] {
    const match = this.#terms(filter);
    return this.#flows.filter((flow) => isWanted(flow, filter) && covers(match, flow.match));
  }

  /** Removes the flows whose time is over. */
  expire(now: number): Removal[] {
    const over = (since: number, seconds: number): boolean => seconds > 0 && now - since >= seconds * 1000;
    const hard = this.#flows.filter((flow) => over(flow.added, flow.mod.hard_timeout));
    const removed = this.#remove(hard, "HARD_TIMEOUT");
    const idle = this.#flows.filter((flow) => over(flow.used, flow.mod.idle_timeout));
    return [...removed, ...this.#remove(idle, "IDLE_TIMEOUT")];
  }

  #add(mod: FlowMod, now: number): void {
    if (mod.table_id !== 0 && mod.table_id !== "ALL") throw new FlowModRefused("OFPFMFC_BAD_TABLE_ID");
    const match = this.#terms(mod);
    const isRival = (flow: Flow): boolean => flow.mod.priority === mod.priority;
    if (
      mod.flags.includes("CHECK_OVERLAP") &&
      this.#flows.some((flow) => isRival(flow) && overlap(flow.match, match))
    ) {
      throw new FlowModRefused("OFPFMFC_OVERLAP");
    }
    const others = this.#flows.filter((flow) => !(isRival(flow) && isSameMatch(flow.match, match)));
    if (others.length >= this.#limit) throw new FlowModRefused("OFPFMFC_TABLE_FULL");
    others.push({ mod, match, instructions: mod.instructions, packets: 0, bytes: 0, added: now, used: now });
    this.#flows = others;
  }

  #targets(mod: FlowMod, strict: boolean): Flow[] {
    if (!strict) return this.select(mod);
    const match = this.#terms(mod);
    return this.#flows.filter(
      (flow) => isWanted(flow, mod) && flow.mod.priority === mod.priority && isSameMatch(flow.match, match),
    );
  }

  /** A match as a controller sent it: its prerequisites are not asked for once more. */
  #terms({ match }: Pick<FlowMod, "match">): MatchTerms {
    return readTerms(match, this.#version, true, "match");
  }

  #remove(flows: readonly Flow[], reason: Removal["reason"]): Removal[] {
    if (flows.length > 0) this.#flows = this.#flows.filter((flow) => !flows.includes(flow));
    return flows.map((flow) => ({ flow, reason }));
  }
}

/** Tables, cookies and ports; not the match. */
function isWanted(flow: Flow, { table_id, cookie, cookie_mask, out_port }: FlowFilter): boolean {
  if (table_id !== 0 && table_id !== "ALL") return false;
  const mask = BigInt(cookie_mask);
  if ((BigInt(flow.mod.cookie) & mask) !== (BigInt(cookie) & mask)) return false;
  return out_port === "ANY" || actionsOf(flow).some((action) => action.port_no === out_port);
}

/** The actions that a flow applies to its packets. */
export function actionsOf(flow: Pick<Flow, "instructions">): Step[] {
  return flow.instructions.flatMap(({ instruction, actions }) =>
    (instruction === "APPLY_ACTIONS" || instruction === "WRITE_ACTIONS") && Array.isArray(actions)
      ? (actions as Step[])
      : [],
  );
}
