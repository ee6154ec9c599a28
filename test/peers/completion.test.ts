/** The completions of zsh and fish, asked of these shells. That of bash is in test/cli. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "./installed.js";

const program = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "oftr-completion-"));
symlinkSync(program, join(folder, "oftr"));
writeFileSync(join(folder, "some.pcap"), "");
const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };

afterAll(() => rmSync(folder, { recursive: true }));

function scriptOf(shell: string): string {
  const path = join(folder, `oftr.${shell}`);
  writeFileSync(path, execFileSync(program, ["completion", shell]));
  return path;
}

describeWith(["fish"], "completion for fish", () => {
  const path = scriptOf("fish");

  it.each([
    ["oftr dec", ["decode"]],
    ["oftr decode --msg-", ["--msg-exclude", "--msg-include"]],
    ["oftr decode --msg-include=HELLO,BARRIER_", ["HELLO,BARRIER_REPLY", "HELLO,BARRIER_REQUEST"]],
    ["oftr jsonrpc --dialect ", ["classic", "strict"]],
    ["oftr call OFP.DESC", ["OFP.DESCRIPTION"]],
    ["oftr call --to unix:sock -y OFP.DESC", ["OFP.DESCRIPTION"]],
    ["oftr call OFP.SEND OFP.DESC", []],
    ["oftr help FLOW_MO", ["FLOW_MOD", "FLOW_MONITOR_REPLY", "FLOW_MONITOR_REQUEST"]],
    ["oftr decode som", ["some.pcap"]],
    ["oftr decode -o som", ["some.pcap"]],
  ])("completes %j", (line, expected) => {
    const source = `source ${path}; complete -C '${line}'`;
    const out = execFileSync("fish", ["--no-config", "-c", source], { cwd: folder, env, encoding: "utf8" });
    const words = out.split("\n").flatMap((row) => (row === "" ? [] : (row.split("\t")[0] as string)));
    expect(words.map((word) => word.replace(/^--msg-include=/, "")).sort()).toEqual(expected);
  });
});

describeWith(["zsh"], "completion for zsh", () => {
  const path = scriptOf("zsh");

  it.each([
    ["oftr decode --msg-ex", "oftr decode --msg-exclude="],
    ["oftr decode --msg-include=HELLO,BARRIER_REQ", "oftr decode --msg-include=HELLO,BARRIER_REQUEST,"],
    ["oftr jsonrpc --dialect str", "oftr jsonrpc --dialect strict "],
    ["oftr call --to unix\\:sock -y OFP.DESC", "oftr call --to unix\\:sock -y OFP.DESCRIPTION "],
    ["oftr help PACKET_OU", "oftr help PACKET_OUT "],
    ["oftr decode -o some.pcap som", "oftr decode -o some.pcap some.pcap "],
    ["oftr decode -o som", "oftr decode -o some.pcap "],
  ])("completes %j", (line, expected) => {
    expect(zshCompletes(path, line)).toBe(expected);
  });
});

/** What stands on the line after a tab. A zsh runs in a terminal of another zsh, which reads what a widget tells of it. */
function zshCompletes(path: string, line: string): string {
  const source = `
    zmodload zsh/zpty
    zpty inner zsh -f -i
    zpty -w inner "PS1=; unset zle_bracketed_paste; autoload -U compinit; compinit -u -d ${folder}/dump; source ${path}"
    zpty -w inner 'tell() { print -r -- "<<$BUFFER>>"; exit }; zle -N tell; bindkey "^I" complete-word; bindkey "^X" tell; print rea""dy'
    zpty -r inner out '*ready*'
    zpty -w -n inner "$1"$'\\t\\x18'
    zpty -r inner out '*<<*>>*'
    print -r -- $out`;
  const out = execFileSync("zsh", ["-f", "-c", source, "zsh", line], { cwd: folder, env, encoding: "utf8" });
  // A comma that goes away when a blank is typed is shown in reverse.
  return /<<(.*)>>/s.exec(out)?.[1]?.replace(/\x1b\[\d*m/g, "") ?? out;
}
