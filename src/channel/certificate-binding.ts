// Is a switch the one that its certificate is for? Compares the datapath_id with a name in the certificate.
import type { TLSSocket } from "node:tls";
import { formatDatapathId, parseDatapathId } from "../text/index.js";

/** Where in a certificate the datapath_id must be: the subject's CN, or a subjectAltName of this kind; ANY of the three. */
export const CERTIFICATE_FIELDS = ["CN", "DNS", "URI", "ANY"] as const;
export type CertificateField = (typeof CERTIFICATE_FIELDS)[number];

/** The names in a certificate that can say a datapath_id. */
export interface CertificateNames {
  readonly CN: readonly string[];
  readonly DNS: readonly string[];
  readonly URI: readonly string[];
}

/** Most names that an error repeats. */
const SHOWN = 5;

/** The names in the certificate of a peer that has been verified. */
export function certificateNames(stream: TLSSocket): CertificateNames {
  const certificate = stream.getPeerX509Certificate();
  const names = { CN: [] as string[], DNS: [] as string[], URI: [] as string[] };
  if (certificate === undefined) return names;
  // Node declares a text, but a subject may have several.
  const cn: unknown = certificate.toLegacyObject().subject?.CN;
  if (typeof cn === "string") names.CN.push(cn);
  else if (Array.isArray(cn)) names.CN.push(...cn.map(String));
  for (const [, kind, name] of (certificate.subjectAltName ?? "").matchAll(ALT_NAME)) {
    if (kind === "DNS" || kind === "URI") names[kind].push(name as string);
  }
  return names;
}

/**
 * One entry of Node's list of alternative names, `DNS:a, URI:b`. A name with characters that could deceive is in
 * quotes there, as JSON, and is taken with them: it is no datapath_id then.
 */
const ALT_NAME = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)/g;

/**
 * Undefined when the certificate is for this datapath; otherwise why not, for people.
 * @param datapathId  "00:00:00:00:00:00:00:01"
 */
export function whyNotBound(
  field: CertificateField,
  names: CertificateNames,
  datapathId: string,
): string | undefined {
  const kinds = field === "ANY" ? (["CN", "DNS", "URI"] as const) : [field];
  const found = kinds.flatMap((kind) => names[kind].map((name) => ({ kind, name })));
  if (found.some(({ kind, name }) => datapathIdIn(kind, name) === datapathId)) return undefined;
  const shown = found
    .slice(0, SHOWN)
    .map(({ kind, name }) => `${kind} ${JSON.stringify(name.slice(0, 100))}`);
  const has = shown.length === 0 ? `has no ${kinds.join(", ")}` : `is for ${shown.join(", ")}`;
  return `the certificate ${has}, the switch says datapath_id ${datapathId}`;
}

const bytes = Buffer.alloc(8);

/**
 * The datapath_id that a name says: `00:00:00:00:00:00:00:01`, also with `-`, or 16 hex digits. Names of hosts have
 * it as their first label, URIs after `dpid:` or `urn:dpid:`. Undefined when it says none.
 */
function datapathIdIn(kind: keyof CertificateNames, name: string): string | undefined {
  const text = kind === "DNS" ? name.replace(/\..*$/s, "") : kind === "URI" ? afterScheme(name) : name;
  if (text === undefined || !/^([0-9a-f]{16}|[0-9a-f]{2}([:-][0-9a-f]{2}){7})$/i.test(text)) return undefined;
  const pairs = text.replace(/[:-]/g, "").match(/../g) as string[];
  return parseDatapathId(pairs.join(":"), bytes, 0) ? formatDatapathId(bytes, 0) : undefined;
}

function afterScheme(uri: string): string | undefined {
  return /^(?:urn:)?dpid:(.*)$/is.exec(uri)?.[1];
}
