/** How the words of `tshark -V` are to be read. */

/** tshark's names of multipart types where they are not ours without REQUEST and REPLY. */
const MULTIPART: Readonly<Record<string, string>> = {
  AGGREGATE_STATS: "AGGREGATE",
  FLOW_DESC: "FLOW",
  GROUP_STATS: "GROUP",
  METER_STATS: "METER",
  QUEUE_STATS: "QUEUE",
  TABLE_STATS: "TABLE",
};

/** The packets in its text, each with all that it says of it. */
export function splitPackets(text: string): string[] {
  return text.split(/^(?=Frame \d+:)/m).filter((packet) => packet !== "");
}

/** What tshark does not like. What it says it does not know is no complaint: "Undecoded". */
export function complaintsOf(packet: string): string[] {
  return Array.from(
    packet.matchAll(/\[(Expert Info \(\w+\/(?!Undecoded)\w+\): [^\]]*)\]/g),
    ([, text]) => text as string,
  );
}

/** The names of a message and of its multipart type in tshark's words. */
export function typesOf(packet: string): string[] {
  const body = packet.slice(packet.search(/^OpenFlow/m));
  const types = Array.from(
    body.matchAll(/^ {4}Type: (OFPT|OFPST|OFPMP)_(\w+)/gm),
    ([, , name]) => name as string,
  );
  return types.slice(0, 2);
}

/** The same of a message of ours, from its type and wire version. It has no names for those of Open vSwitch and the ONF. */
export function typesOfOurs(ours: string, version: number): string[] {
  const type = ours
    .replace(/^(?:NXST_\w+|ONF_FLOW_MONITOR)_(?=REQUEST$|REPLY$)/, "EXPERIMENTER_")
    .replace(/^(?:NXT|ONF)_\w+$/, "EXPERIMENTER");
  const [, name = "", part] = /^(\w+?)_(REQUEST|REPLY)$/.exec(type) ?? [];
  const single = /^(FEATURES|GET_CONFIG|BARRIER|ROLE|GET_ASYNC|ECHO|QUEUE_GET_CONFIG)$/.test(name);
  if (part === undefined || single) return [version === 1 && type === "EXPERIMENTER" ? "VENDOR" : type];
  if (version > 1) return [`MULTIPART_${part}`, multipartOf(name, version)];
  // 1.0 has no PORT_DESC; switches answer it all the same, and tshark does not know it.
  const multipart = { EXPERIMENTER: ["VENDOR"], PORT_STATS: ["PORT"], PORT_DESC: [] }[name];
  return [`STATS_${part}`, ...(multipart ?? [MULTIPART[name] ?? name])];
}

/** tshark has names of 1.3 for it and 1.4, ours for 1.5, all but one. */
function multipartOf(name: string, version: number): string {
  if (version === 6) return name === "METER_CONFIG" ? "METER_DESC" : name;
  return version === 5 && name === "QUEUE_STATS" ? name : (MULTIPART[name] ?? name);
}
