/** Wireshark's dissectors, asked about many frames. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pcapOf } from "../../peers/pcap.js";
import { complaintsOf, splitPackets } from "../../peers/tshark.js";
import { type Answer, type Answers, askInBatches } from "./answers.js";
import { run } from "./run.js";

/** Runs `tshark -V` over frames, each a packet of a capture file. */
export function askTshark(frames: readonly Buffer[]): Answers {
  const folder = mkdtempSync(join(tmpdir(), "oftr-tshark-"));
  const file = join(folder, "frames.pcap");
  try {
    return askInBatches(frames.length, (from, to) => {
      writeFileSync(file, pcapOf(frames.slice(from, to)));
      const said = run("tshark", ["-r", file, "-V"], Buffer.alloc(0));
      const packets = said && splitPackets(said.stdout);
      if (packets?.length !== to - from) return undefined;
      return new Map(packets.map((packet, n) => [from + n, answerOf(packet)]));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answerOf(packet: string): Answer {
  const [complaint] = complaintsOf(packet);
  return complaint === undefined ? { kind: "read", text: packet } : { kind: "refused", why: complaint };
}
