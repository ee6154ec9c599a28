/** `learn(…)` as ovs-ofctl prints it. */

import { formatValue } from "./field-values.js";
import type { ActionForm } from "./format-actions.js";
import type { JsonObject } from "./json.js";
import { numberOf, wordOf } from "./names.js";
import { hex } from "./numbers.js";
import { formatSubField, subFieldInMessage } from "./sub-fields.js";

const NUMBERS = ["idle_timeout", "hard_timeout", "fin_idle_timeout", "fin_hard_timeout"] as const;
const USUAL_PRIORITY = 0x8000;

/** The text of the action; undefined where a part has no words. */
export const formatLearn: ActionForm = (action) => {
  const { table_id, priority = USUAL_PRIORITY, cookie = 0, limit = 0, result_dst, flags } = action;
  const specs = (Array.isArray(action.specs) ? (action.specs as JsonObject[]) : []).map(formatSpec);
  const names = Array.isArray(flags) ? flags : [];
  const known = ["SEND_FLOW_REM", "DELETE_LEARNED", "WRITE_RESULT"];
  if (specs.includes(undefined) || names.some((name) => !known.includes(name))) return undefined;
  const words = [
    `table=${numberOf("table_id", table_id)}`,
    ...NUMBERS.flatMap((key) => ((action[key] ?? 0) === 0 ? [] : [`${key}=${action[key]}`])),
    ...(priority === USUAL_PRIORITY ? [] : [`priority=${priority}`]),
    ...known.slice(0, 2).flatMap((name) => (names.includes(name) ? [wordOf(name)] : [])),
    ...(cookie === 0 ? [] : [`cookie=${hex(BigInt(cookie as number | string))}`]),
    ...(limit === 0 ? [] : [`limit=${limit}`]),
    ...(result_dst === undefined ? [] : [`result_dst=${formatSubField(result_dst)}`]),
    ...specs,
  ];
  return `learn(${words.join(",")})`;
};

function formatSpec({ learn, src, value, dst }: JsonObject): string | undefined {
  if (learn === "OUTPUT") return `output:${formatSubField(src)}`;
  if (learn === "LOAD") {
    const what = value === undefined ? formatSubField(src) : hex(bitsOf(value));
    return `load:${what}->${formatSubField(dst)}`;
  }
  if (learn !== "MATCH") return undefined;
  if (value === undefined)
    return src === dst ? formatSubField(dst) : `${formatSubField(dst)}=${formatSubField(src)}`;
  const place = subFieldInMessage(dst);
  if (place === undefined) return undefined;
  const { field, from, to } = place;
  if (from !== 0 || to !== field.bits) return `${formatSubField(dst)}=${hex(bitsOf(value))}`;
  return `${field.name}=${formatValue(field, { value: bitsOf(value), mask: field.full })}`;
}

function bitsOf(value: unknown): bigint {
  return BigInt(`0x${String(value)}`);
}
