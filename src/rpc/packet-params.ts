// A packet among the parameters of a request, and how a switch would read it.
import { isVersion, type Version } from "../base/index.js";
import type { PacketOptions, PortNumber } from "../codec/match.js";
import { RequestError } from "./errors.js";
import { type Mapping, type Param, param, readHex, readText, readUint } from "./params.js";

/** A packet at a port of a switch. */
export interface PacketParams {
  readonly frame: Uint8Array;
  /** A number, or a name such as LOCAL; undefined: not known. */
  readonly inPort: PortNumber | undefined;
  /** Wire version of the match. */
  readonly version: Version;
  readonly options: PacketOptions;
}

/** OpenFlow 1.3, where requests say nothing else. */
const DEFAULT_VERSION: Version = 4;

const MAX_VLAN_TAGS = 0xffff;

/** Reads them from checked params. Throws RequestError. */
export function readPacketParams(params: Mapping): PacketParams {
  const tags = param(params, "vlan_tags");
  const vlanTags = readUint(tags, MAX_VLAN_TAGS, -1);
  if (vlanTags === 0) throw new RequestError(tags.path, "expected 1 or more");
  return {
    frame: readHex(param(params, "data")),
    inPort: readPort(param(params, "in_port")),
    version: readVersion(param(params, "version")),
    options: vlanTags < 0 ? {} : { vlanTags },
  };
}

/** What port it is, the codec judges. */
function readPort(port: Param): PortNumber | undefined {
  if (port.value === undefined || port.value === null) return undefined;
  return typeof port.value === "number" ? port.value : readText(port);
}

function readVersion(version: Param): Version {
  const number = readUint(version, 255, DEFAULT_VERSION);
  if (isVersion(number)) return number;
  throw new RequestError(version.path, `${number} is not a wire version: 1 is OpenFlow 1.0, 6 is 1.5`);
}
