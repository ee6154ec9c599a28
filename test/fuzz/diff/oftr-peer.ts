/** Another `oftr` beside ours: what it decodes, what it refuses, and what it encodes from its own texts. */
import { join } from "node:path";
import { KnownDifferences } from "../../conformance/known-differences.js";
import { compareDecoded } from "./compare-decoded.js";
import { compareEncoded, OPTIONS } from "./compare-encoded.js";
import { askDecode, askEncode } from "./oftr.js";
import { type Peer, versionIn } from "./peer.js";
import { proofsOf } from "./proofs.js";
import { QuestionList } from "./questions.js";

const VERSIONS = [1, 2, 3, 4, 5, 6];

/** The `oftr` at a path. */
export function oftrPeer(program: string): Peer {
  return {
    name: "oftr",
    known: KnownDifferences.read(join(import.meta.dirname, "known-oftr.yaml")),
    compare(trials) {
      const decoded = askDecode(
        program,
        trials.map(({ frame }) => frame),
      );
      const texts = [...decoded.values()].flatMap((one) => (one.kind === "read" ? [one.text] : []));
      const inputs = texts.map(inSomeVersion);
      const encoded = askEncode(program, OPTIONS, inputs);
      return [
        ...trials.map((trial, n) => compareDecoded(trial, decoded.get(n) ?? SILENT)),
        ...inputs.map((input, n) =>
          compareEncoded(input, versionIn(texts[n] ?? ""), encoded.get(n) ?? SILENT),
        ),
      ];
    },
    prove(open) {
      const questions = new QuestionList(OPTIONS);
      const proofs = open.map(({ comparison, difference }) => proofsOf(comparison, difference, questions));
      questions.put(program);
      return proofs.map((proof) => proof());
    },
  };
}

const SILENT = { kind: "silent" } as const;

/** A text that the other program printed, with another transaction id; every second one in another version. */
function inSomeVersion(text: string, n: number): string {
  const version = VERSIONS[n % (2 * VERSIONS.length)];
  return text
    .replace(/"xid":\d+/, `"xid":${n}`)
    .replace(/"version":\d+/, (own) => (version === undefined ? own : `"version":${version}`));
}
