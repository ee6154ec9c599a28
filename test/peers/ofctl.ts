/** How `ovs-ofctl ofp-parse` is asked about many messages at once, and how its words are to be read. */

/** An ECHO_REQUEST with a transaction id of its own, to stand before message N, so that what is printed can be told apart. */
export function marker(n: number): Buffer {
  const echo = Buffer.from([1, 2, 0, 8, 0, 0, 0, 0]);
  echo.writeUInt32BE(0xfe00_0000 + n, 4);
  return echo;
}

/** What was printed of each message, in the order of the messages. */
export function splitAtMarkers(text: string): string[] {
  return text.split(/^OFPT_ECHO_REQUEST \(xid=0xfe[0-9a-f]{6}\): 0 bytes of payload\n/m).slice(1);
}

/** The first words of what it prints of a message. */
export interface Head {
  /** `OFPT_HELLO`, `OFPST_FLOW reply`. */
  readonly type: string;
  /** `1.3`. */
  readonly version: string;
  readonly xid: number;
}

/** The head of what was printed of a message; undefined when Open vSwitch does not know what it is. */
export function headOf(text: string): Head | undefined {
  const [, type, version = "1.0", xid] =
    /^(\w+(?: \w+)?)(?: \(OF(1\.\d)\))? \(xid=(0x\w+)\):/.exec(text) ?? [];
  return type === undefined ? undefined : { type, version, xid: Number(xid) };
}

/** A type of message in the words of Open vSwitch. */
export function nameOf(type: string): string {
  // Those of Open vSwitch and of the ONF are called so there, too, but for one letter.
  if (/^(NXT|NXST|ONF)_/.test(type))
    return type
      .replace(/^ONF_(?=FLOW_MONITOR_RE)(?!\w+RESUMED)/, "ONFST_")
      .replace(/^ONF_/, "ONFT_")
      .replace(
        /^((?:NX|ONF)ST_\w+)_(REQUEST|REPLY)$/,
        (_, name: string, part: string) => `${name} ${part.toLowerCase()}`,
      );
  const [, name = "", part = ""] = /^(\w+?)_(REQUEST|REPLY)$/.exec(type) ?? [];
  const multipart =
    /^(DESC|FLOW_MONITOR|\w+_(STATS|DESC|FEATURES|CONFIG))$/.test(name) && !/^(GET|QUEUE_GET)_/.test(name);
  if (!multipart) return `OFPT_${type}`;
  const old = name === "FLOW_DESC" ? "FLOW" : name.replace(/_STATS$/, "");
  return `OFPST_${old} ${part.toLowerCase()}`;
}
