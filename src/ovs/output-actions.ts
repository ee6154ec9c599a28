/** Actions that send packets somewhere: output, controller, enqueue, bundle, resubmit. */
import { type ActionReader, argumentOf } from "./action-context.js";
import { FlowError } from "./flow-error.js";
import type { JsonObject } from "./json.js";
import { type Piece, partsOf, type Word, wordsOf } from "./lexer.js";
import { BUNDLE_ALGORITHMS, closest, HASH_FIELDS, MULTIPATH_ALGORITHMS, PORTS, REASONS } from "./names.js";
import { readBytes, readPort, readSmall, readTable } from "./numbers.js";
import { jsonSubField, readSubField } from "./sub-fields.js";

/** How much of a packet goes to a controller when nothing is said: all of it. */
const WHOLE = "NO_BUFFER";

/** The action for a port that stands as a word of its own: `normal`, `5`. */
export function outputTo(piece: Piece): JsonObject {
  const port = readPort(piece, "output");
  return { action: "OUTPUT", port_no: port, max_len: port === "CONTROLLER" ? WHOLE : 0 };
}

/** Whether a word is a port. */
export function isPort(text: string): boolean {
  return /^\d/.test(text) || PORTS.has(text.toUpperCase());
}

/** `output:5`, `output:reg0[]`, `output(port=5,max_len=100)`. */
export const output: ActionReader = (word) => {
  const to = argumentOf(word, "output:5");
  if (to.text.includes("=")) return [outputTrunc(to)];
  if (isPort(to.text)) return [outputTo(to)];
  return [{ action: "NX_OUTPUT_REG", src: jsonSubField(readSubField(to), 1), max_len: WHOLE }].map(newer);
};

/** Fields of experimenters do not fit the first form of the action. */
function newer(action: { action: string; src: string; max_len: string }): JsonObject {
  return /^NX_(NSH|TUN_(ERSPAN|GTPU))_/.test(action.src) ? { ...action, action: "NX_OUTPUT_REG2" } : action;
}

function outputTrunc(piece: Piece): JsonObject {
  const action: Record<string, unknown> = { action: "NX_OUTPUT_TRUNC" };
  for (const { key, at, value } of wordsOf(piece)) {
    if (key === "port") action.port_no = readPort(value, "port");
    else if (key === "max_len") action.max_len = readSmall(value, 32, "max_len");
    else
      throw new FlowError(
        "UNKNOWN",
        at,
        `unknown argument "${key}" of output${closest(key, ["port", "max_len"])}`,
      );
  }
  if (action.port_no === undefined || action.max_len === undefined)
    throw new FlowError("SYNTAX", piece.at, "output needs both: output(port=5,max_len=100)");
  return action;
}

const CONTROLLER_KEYS = "reason max_len id userdata pause meter_id".split(" ");

/** `controller`, `controller:128`, `controller(id=5,pause)`. */
export const controller: ActionReader = ({ value: argument }) => {
  if (/^\d*$/.test(argument.text)) {
    const max_len = argument.text === "" ? WHOLE : readSmall(argument, 16, "max_len");
    return [{ action: "OUTPUT", port_no: "CONTROLLER", max_len }];
  }
  const action: Record<string, unknown> = {};
  const properties: JsonObject[] = [];
  for (const { key, at, value } of wordsOf(argument)) {
    if (key === "reason") action.reason = readName(value, REASONS, "reason");
    else if (key === "max_len") action.max_len = readSmall(value, 16, key);
    else if (key === "id") action.controller_id = readSmall(value, 16, key);
    else if (key === "userdata") action.userdata = readBytes(value, key);
    else if (key === "meter_id") action.meter_id = readSmall(value, 32, key);
    else if (key === "pause") properties.push({ property: "PAUSE" });
    else
      throw new FlowError(
        "UNKNOWN",
        at,
        `unknown argument "${key}" of controller${closest(key, CONTROLLER_KEYS)}`,
      );
  }
  return [controllerAction(action, properties)];
};

function controllerAction(given: JsonObject, properties: readonly JsonObject[]): JsonObject {
  const { max_len = WHOLE, controller_id = 0, reason = "APPLY_ACTION", userdata = "", meter_id } = given;
  const all = { max_len, controller_id, reason };
  if (userdata === "" && meter_id === undefined && properties.length === 0) {
    return controller_id === 0 && reason === "APPLY_ACTION"
      ? { action: "OUTPUT", port_no: "CONTROLLER", max_len }
      : { action: "NX_CONTROLLER", ...all };
  }
  const action = {
    action: "NX_CONTROLLER2",
    ...all,
    userdata,
    ...(meter_id === undefined ? {} : { meter_id }),
  };
  if (properties.length === 0) return action;
  // Open vSwitch has the meter last; without this, what is in properties would be.
  const inOrder = meter_id === undefined ? {} : { _order: orderOf(action, properties.length) };
  return { ...action, properties, ...inOrder };
}

/** The order of properties on the wire by their numbers: maximum length, id, reason, user data, pause, meter. */
function orderOf(given: JsonObject, pauses: number): number[] {
  const there = [
    given.max_len !== WHOLE,
    given.controller_id !== 0,
    given.reason !== "APPLY_ACTION",
    given.userdata !== "",
  ];
  const order = there.flatMap((is, type) => (is ? [type] : []));
  return [...order, ...Array.from({ length: pauses }, () => 4), 5];
}

/** The name that a word stands for. Throws FlowError. */
export function readName({ text, at }: Piece, names: ReadonlyMap<string, string>, what: string): string {
  const name = names.get(text.toLowerCase());
  if (name !== undefined) return name;
  throw new FlowError("INVALID", at, `${what}: unknown word "${text}"${closest(text, names.keys())}`);
}

/** `enqueue:2:7`, `enqueue(2,7)`: later versions have three actions for it. */
export const enqueue: ActionReader = (word, { version }) => {
  const [to, queue, more] = partsOf(argumentOf(word, "enqueue:2:7"), ":q,");
  if (to === undefined || queue === undefined || more !== undefined)
    throw new FlowError("SYNTAX", word.value.at, "enqueue needs a port and a queue: enqueue:2:7");
  const port_no = readPort(to, "enqueue");
  const queue_id = readSmall(queue, 32, "queue");
  if (version === 1) return [{ action: "ENQUEUE", port_no, queue_id }];
  return [
    { action: "SET_QUEUE", queue_id },
    { action: "OUTPUT", port_no, max_len: WHOLE },
    { action: "NX_POP_QUEUE" },
  ];
};

/** `resubmit:3`, `resubmit(3,5)`, `resubmit(,5,ct)`. */
export const resubmit: ActionReader = (word) => {
  const [first, second, third, fourth] = commas(argumentOf(word, "resubmit(,5)"));
  if (fourth !== undefined) throw new FlowError("SYNTAX", fourth.at, "resubmit: more than three arguments");
  if (third !== undefined && third.text !== "ct" && third.text !== "")
    throw new FlowError("UNKNOWN", third.at, `resubmit: unknown argument "${third.text}" (did you mean ct?)`);
  const in_port = first === undefined || first.text === "" ? "IN_PORT" : readPort(first, "resubmit");
  const table_id = second === undefined || second.text === "" ? "ALL" : readTable(second);
  if (in_port === "IN_PORT" && table_id === "ALL")
    throw new FlowError("INVALID", word.value.at, "resubmit needs a port or a table");
  const tracked = third?.text === "ct";
  return [{ action: tracked ? "NX_RESUBMIT_TABLE_CT" : "NX_RESUBMIT_TABLE", in_port, table_id }];
};

/** Parts between commas, with the empty ones. */
function commas({ text, at }: Piece): Piece[] {
  let p = at;
  return text.split(",").map((part) => {
    const start = p + (part.length - part.trimStart().length);
    p += part.length + 1;
    return { text: part.trim(), at: start };
  });
}

/** `bundle(eth_src,0,hrw,ofport,members:1,2)`; `bundle_load` has a field before the members. */
function bundle(loads: boolean): ActionReader {
  return (word) => {
    const usage = `${word.key}(eth_src,0,hrw,ofport,${loads ? "reg0[]," : ""}members:1,2)`;
    const [head, members] = splitMembers(word, usage);
    const [fields, basis, algorithm, type, dst, ...more] = partsOf(head, ", ");
    const complete = type !== undefined && (dst !== undefined) === loads && more.length === 0;
    if (!complete) throw new FlowError("SYNTAX", word.value.at, `${word.key} needs: ${usage}`);
    if (type.text.toLowerCase() !== "ofport")
      throw new FlowError(
        "INVALID",
        type.at,
        `${word.key}: unknown type of members "${type.text}", expected ofport`,
      );
    return [
      {
        action: loads ? "NX_BUNDLE_LOAD" : "NX_BUNDLE",
        algorithm: readName(algorithm!, BUNDLE_ALGORITHMS, word.key),
        fields: readName(fields!, HASH_FIELDS, word.key),
        basis: readSmall(basis!, 16, "basis"),
        member_type: "NX_IN_PORT",
        members: members.map((one) => readPort(one, "members")),
        ...(dst === undefined ? {} : { dst: jsonSubField(readSubField(dst), 1) }),
      },
    ];
  };
}

/** What stands before `members:`, and the members. Older versions of Open vSwitch had another word for these. */
function splitMembers(word: Word, usage: string): readonly [Piece, Piece[]] {
  const { text, at } = word.value;
  const found = /(?:members|slaves):/i.exec(text);
  if (found === null) throw new FlowError("SYNTAX", at, `${word.key} needs members: ${usage}`);
  const after = found.index + found[0].length;
  return [
    { text: text.slice(0, found.index), at },
    partsOf({ text: text.slice(after), at: at + after }, ", []"),
  ];
}

/** `multipath(eth_src,50,modulo_n,1,0,reg0[])`. */
export const multipath: ActionReader = (word) => {
  const usage = "multipath(eth_src,50,modulo_n,2,0,reg0[])";
  const [fields, basis, algorithm, links, arg, dst, more] = partsOf(argumentOf(word, usage), ", ");
  if (dst === undefined || more !== undefined)
    throw new FlowError("SYNTAX", word.value.at, `multipath needs six arguments: ${usage}`);
  const count = readSmall(links!, 17, "links");
  if (count < 1 || count > 0x10000) throw new FlowError("INVALID", links!.at, "links are not 1 to 65536");
  const place = readSubField(dst);
  const bits = place.to - place.from;
  if (bits < 16 && count > 1 << bits)
    throw new FlowError("INVALID", dst.at, `${dst.text}: ${bits} bits are too few for ${count} links`);
  return [
    {
      action: "NX_MULTIPATH",
      fields: readName(fields!, HASH_FIELDS, "multipath"),
      basis: readSmall(basis!, 16, "basis"),
      algorithm: readName(algorithm!, MULTIPATH_ALGORITHMS, "multipath"),
      max_link: count - 1,
      arg: readSmall(arg!, 32, "argument"),
      dst: jsonSubField(place, 1),
    },
  ];
};

const SAMPLE_NUMBERS: Readonly<Record<string, number>> = {
  probability: 16,
  collector_set_id: 32,
  obs_domain_id: 32,
  obs_point_id: 32,
};

/** `sample(probability=…,collector_set_id=…,…)`. */
export const sample: ActionReader = (word) => {
  const action: Record<string, unknown> = { collector_set_id: 0, obs_domain_id: 0, obs_point_id: 0 };
  for (const { key, at, value } of wordsOf(word.value)) {
    const bits = SAMPLE_NUMBERS[key];
    if (bits !== undefined) action[key] = readSampleNumber(value, bits, key);
    else if (key === "sampling_port") action.sampling_port = readPort(value, key);
    else if (key === "ingress" || key === "egress") action.direction = key.toUpperCase();
    else {
      const known = [...Object.keys(SAMPLE_NUMBERS), "sampling_port", "ingress", "egress"];
      throw new FlowError("UNKNOWN", at, `unknown argument "${key}" of sample${closest(key, known)}`);
    }
  }
  if (!action.probability)
    throw new FlowError("INVALID", word.at, "sample needs a probability of 1 to 65535");
  return [{ action: sampleName(action), ...action }];
};

/** Fields may tell the observation domain and point. */
function readSampleNumber(value: Piece, bits: number, key: string): number | string {
  const mayBeField = key.startsWith("obs_") && /^[a-z]/i.test(value.text);
  return mayBeField ? jsonSubField(readSubField(value), 1) : readSmall(value, bits, key);
}

function sampleName({ obs_domain_id, obs_point_id, direction, sampling_port }: JsonObject): string {
  if (typeof obs_domain_id === "string" || typeof obs_point_id === "string") return "NX_SAMPLE4";
  if (direction !== undefined) return "NX_SAMPLE3";
  return sampling_port === undefined ? "NX_SAMPLE" : "NX_SAMPLE2";
}

/** Readers by word. */
export const OUTPUT_ACTIONS: Readonly<Record<string, ActionReader>> = {
  output,
  output_reg: output,
  output_trunc: output,
  controller,
  enqueue,
  resubmit,
  bundle: bundle(false),
  bundle_load: bundle(true),
  multipath,
  sample,
};
