// Which options of tunnels the fields NX_TUN_METADATA0 to 63 of one connection stand for. The switch has a table of them, and messages
// that pass tell of it: nobody is asked.
import { DecodeError } from "../base/index.js";
import { peekType, peekXid } from "../wire/index.js";
import { frameTypeName } from "./decode.js";
import { readMessage } from "./read-message.js";

/** What tells an option, as in NXT_TLV_TABLE_REPLY. */
export type TunnelOption = Readonly<Record<string, number>>;

/** An option, and the number of its field. */
export type TunnelMapping = TunnelOption & { readonly index: number };

/** Options by the numbers of their fields. */
type Options = ReadonlyMap<number, TunnelOption>;

/** What the messages about the table have in common, as decoding prints them. */
interface Told {
  readonly type: string;
  readonly msg: {
    readonly command?: string;
    readonly mappings?: readonly TunnelMapping[];
  };
}

/** A message to the switch after which the switch has not told its table. */
interface Sent {
  readonly xid: number;
  /** That of NXT_TLV_TABLE_MOD; undefined for a request of the table. */
  readonly command: string | undefined;
  readonly options: readonly (readonly [number, TunnelOption])[];
}

/** Types in the header, the same in all versions. */
const ERROR = 1;
const EXPERIMENTER = 4;

const REPLY = "NXT_TLV_TABLE_REPLY";
const TYPES: ReadonlySet<string | undefined> = new Set([REPLY, "NXT_TLV_TABLE_REQUEST", "NXT_TLV_TABLE_MOD"]);

/** Messages to the switch that are kept for an ERROR that may come; what is older has been done. */
const MOST_SENT = 32;

/** How many such fields there are. */
const FIELDS = 64;

/** The table of one connection, as far as it is known. */
export class TunnelOptions {
  /** What the switch has told. */
  #told: Options = new Map();
  /** What it was told since. */
  #sent: Sent[] = [];
  #now: Options = this.#told;

  /** Takes note of the frame in b[o, end), of either side, if it has to do with the table. One that cannot be decoded has not. */
  observe(b: Uint8Array, o = 0, end = b.length): void {
    const type = peekType(b, o);
    if (type === EXPERIMENTER) this.#observeVendor(Buffer.from(b.buffer, b.byteOffset, b.length), o, end);
    else if (type === ERROR && this.#sent.length > 0) this.#undo(peekXid(b, o));
  }

  /** Numbers of fields, and their options. Another object whenever they have changed. */
  get entries(): Iterable<readonly [number, TunnelOption]> {
    return this.#now;
  }

  /** The same, as messages about the table have them. */
  get mappings(): readonly TunnelMapping[] {
    return Array.from(this.#now, ([index, option]) => ({ ...option, index }));
  }

  /** Takes over what somebody else knows, in the place of all that is known here. */
  know(mappings: readonly TunnelMapping[]): void {
    this.#sent = [];
    this.#told = byField(mappings);
    this.#update();
  }

  /** The option that NX_TUN_METADATA`number` is. */
  get(number: number): TunnelOption | undefined {
    return this.#now.get(number);
  }

  /** The same as JSON text. */
  textOf(number: number): string | undefined {
    const option = this.#now.get(number);
    return option && JSON.stringify(option);
  }

  /** All that is known, as `restore` takes it. */
  save(): string {
    return JSON.stringify({ told: [...this.#told], sent: this.#sent });
  }

  /** Begins again where another one has saved. */
  restore(saved: string): void {
    const { told, sent } = JSON.parse(saved) as { told: [number, TunnelOption][]; sent: Sent[] };
    this.#told = new Map(told);
    this.#sent = sent;
    this.#update();
  }

  #observeVendor(b: Buffer, o: number, end: number): void {
    if (!TYPES.has(frameTypeName(b, o, end))) return;
    const message = read(b, o, end);
    if (message === undefined) return;
    const { command, mappings = [] } = message.msg;
    const options = byField(mappings);
    if (message.type === REPLY) this.#replace(peekXid(b, o), options);
    else this.#add({ xid: peekXid(b, o), command, options: [...options] });
  }

  /** The switch has told its table. What was sent after it was asked is still to be done. */
  #replace(xid: number, options: Options): void {
    const asked = this.#sent.findLastIndex((sent) => sent.xid === xid);
    this.#sent = asked < 0 ? [] : this.#sent.slice(asked + 1);
    this.#told = options;
    this.#update();
  }

  #add(sent: Sent): void {
    this.#sent.push(sent);
    const done = this.#sent.length > MOST_SENT ? this.#sent.shift() : undefined;
    if (done !== undefined) this.#told = changed(this.#told, done);
    this.#update();
  }

  /** The switch has refused a message. */
  #undo(xid: number): void {
    this.#sent = this.#sent.filter((sent) => sent.xid !== xid);
    this.#update();
  }

  #update(): void {
    this.#now = this.#sent.reduce(changed, this.#told);
  }
}

function byField(mappings: readonly TunnelMapping[]): Options {
  const known = mappings.filter(({ index }) => index < FIELDS);
  return new Map(known.map(({ index, ...option }) => [index, option]));
}

/** The table after a message to the switch. */
function changed(table: Options, { command, options }: Sent): Options {
  if (command === "ADD") return new Map([...table, ...options]);
  if (command === "CLEAR") return new Map();
  if (command !== "DELETE") return table;
  const left = new Map(table);
  for (const [number] of options) left.delete(number);
  return left;
}

function read(b: Buffer, o: number, end: number): Told | undefined {
  try {
    const message = readMessage(b, o, end) as Told;
    // What is not as it should be was printed as hex.
    return TYPES.has(message.type) ? message : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
