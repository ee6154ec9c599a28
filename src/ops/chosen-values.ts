// Values that one side chooses and the other repeats: where they stand in a message.
import { isObject, type JsonObject } from "./replay-message.js";

/** A side of an OpenFlow connection. */
export type Side = "switch" | "controller";

interface Kind {
  /** Who chooses it. */
  readonly by: Side;
  /** @param path  of the object that has the key */
  readonly is: (key: string, value: unknown, owner: JsonObject, path: readonly string[]) => boolean;
  /** A mere number or name: another one is no difference. */
  readonly isHandle: boolean;
  /** True where it is chosen, false where its own side repeats it. */
  readonly isNew: (owner: JsonObject, path: readonly string[]) => boolean;
  /** Key beside it that says whose it is, where several may have the same. */
  readonly whose?: string;
}

const always = (): boolean => true;

const KINDS: readonly Kind[] = [
  {
    by: "controller",
    // A message in a bundle repeats that of the message around it; news of a flow monitor repeat that of the request that changed the flow.
    is: (key, _, { event }, path) =>
      key === "xid" && (path.length === 0 || path[1] === "message" || event === "ABBREV"),
    isHandle: true,
    isNew: (_, path) => path.length === 0,
  },
  {
    by: "switch",
    // NO_BUFFER is a text.
    is: (key, value) => key === "buffer_id" && typeof value === "number",
    isHandle: true,
    isNew: always,
  },
  {
    by: "switch",
    is: (key, _, { property }) => key === "data" && property === "CONTINUATION",
    isHandle: true,
    isNew: always,
  },
  { by: "switch", is: (key) => key === "hw_addr", isHandle: false, isNew: always, whose: "port_no" },
  {
    by: "controller",
    is: (key) => key === "bundle_id",
    isHandle: true,
    isNew: ({ type }) => type === "OPEN_REQUEST",
  },
  { by: "controller", is: (key) => key === "generation_id", isHandle: false, isNew: always },
];

/** A value in a message that one side chooses. */
export interface ChosenValue {
  readonly kind: Kind;
  /** Keys and indices that lead to it. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** What the key beside it says. */
  readonly whose: unknown;
  readonly isNew: boolean;
}

/** The values of a message that a side chooses, whoever has sent the message. */
export function* chosenValues(
  message: JsonObject,
  by: Side,
  path: readonly string[] = [],
): Generator<ChosenValue> {
  for (const [key, value] of Object.entries(message)) {
    if (isObject(value)) {
      yield* chosenValues(value, by, [...path, key]);
      continue;
    }
    const kind = KINDS.find((one) => one.by === by && one.is(key, value, message, path));
    if (kind === undefined) continue;
    const whose = kind.whose === undefined ? undefined : message[kind.whose];
    yield { kind, path: [...path, key], value, whose, isNew: kind.isNew(message, path) };
  }
}

/** Whether a value of a living message stands for a recorded one: it is at the same place, or of the same thing. */
export function isCounterpart(one: ChosenValue, recorded: ChosenValue): boolean {
  if (one.kind !== recorded.kind) return false;
  return one.kind.whose === undefined
    ? one.path.join() === recorded.path.join()
    : one.whose === recorded.whose;
}

/** A text that is the same for the same value of the same thing. */
export function identify({ kind, whose, value }: ChosenValue): string {
  return JSON.stringify([KINDS.indexOf(kind), whose, value]);
}

/** The object that holds the value of a path; undefined where the message has none. */
export function ownerOf(message: JsonObject, path: readonly string[]): JsonObject | undefined {
  let owner: unknown = message;
  for (const key of path.slice(0, -1)) owner = isObject(owner) ? owner[key] : undefined;
  return isObject(owner) ? owner : undefined;
}
