/** Flows as ovs-ofctl itself writes them. */
import { inFile, runProgram } from "../programs.js";

/** What is printed of a flow, from the command on. */
export function flowIn(text: string): string {
  return (/\): (.*)/.exec(text)?.[1] ?? text).trim();
}

/** The same lines as ovs-ofctl itself reads them. */
export async function canonical(version: number, lines: readonly string[]): Promise<string[]> {
  const options = ["--no-names", "-O", `OpenFlow1${version - 1}`, "parse-flows"];
  const text = await inFile(`${lines.join("\n")}\n`, (path) =>
    runProgram("ovs-ofctl", [...options, path], { limit: 60_000 }),
  );
  return text
    .toString()
    .split("\n")
    .filter((line) => /FLOW_MOD/.test(line))
    .map(flowIn);
}
