import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bashCompletion } from "../../src/cli/completion-bash.js";
import { fishCompletion } from "../../src/cli/completion-fish.js";
import { loadCompletionModel } from "../../src/cli/completion-model.js";
import { zshCompletion } from "../../src/cli/completion-zsh.js";

const model = await loadCompletionModel();
const folder = mkdtempSync(join(tmpdir(), "oftr-completion-"));
const script = join(folder, "oftr.bash");
writeFileSync(script, bashCompletion(model));
writeFileSync(join(folder, "one capture.pcap"), "");

afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last of the words; they are split as readline splits them. */
function offered(...words: string[]): string[] {
  const source = `
    source "$1"; shift
    oftr() { echo FLOW_MOD PORT_STATUS; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _oftr
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync("bash", ["--norc", "-c", source, "bash", script, ...words], { encoding: "utf8" });
  return out.split("\n").filter((line) => line !== "");
}

describe("completion for bash", () => {
  it("offers commands", () => {
    expect(offered("oftr", "de")).toEqual(["decode", "demo"]);
    expect(offered("oftr", "--v")).toEqual(["--version"]);
  });

  it("offers the options of the command, without hidden ones", () => {
    expect(offered("oftr", "decode", "--msg-")).toEqual(["--msg-include", "--msg-exclude"]);
    expect(offered("oftr", "decode", "--logl")).toEqual([]);
    expect(offered("oftr", "jsonrpc", "--tls-")).toEqual([
      "--tls-cert",
      "--tls-key",
      "--tls-key-password-file",
      "--tls-cacert",
    ]);
  });

  it("offers the words of a value behind = and behind a blank, with one dash or two", () => {
    expect(offered("oftr", "jsonrpc", "--dialect", "=")).toEqual(["classic", "strict"]);
    expect(offered("oftr", "jsonrpc", "--dialect", "=", "st")).toEqual(["strict"]);
    expect(offered("oftr", "jsonrpc", "-dialect", "")).toEqual(["classic", "strict"]);
    expect(offered("oftr", "jsonrpc", "--limit", "=", "yaml-a")).toEqual(["yaml-aliases="]);
  });

  it("offers message types, also as further elements of a list", () => {
    expect(offered("oftr", "decode", "--msg-include", "=", "BARRIER_")).toEqual([
      "BARRIER_REPLY",
      "BARRIER_REQUEST",
    ]);
    expect(offered("oftr", "decode", "--msg-exclude", "HELLO,PACKET_O")).toEqual(["HELLO,PACKET_OUT"]);
  });

  it("offers methods as the first operand of call, wherever options stand", () => {
    expect(offered("oftr", "call", "OFP.DESC")).toEqual(["OFP.DESCRIPTION"]);
    expect(offered("oftr", "call", "--to", "=", "unix:sock", "-y", "OFP.DESC")).toEqual(["OFP.DESCRIPTION"]);
    expect(offered("oftr", "call", "--to", "unix:sock", "OFP.DESC")).toEqual(["OFP.DESCRIPTION"]);
    expect(offered("oftr", "call", "OFP.SEND", "OFP.DESC")).toEqual([]);
  });

  it("asks oftr for the names that help knows", () => {
    expect(offered("oftr", "help", "PORT")).toEqual(["PORT_STATUS"]);
    expect(offered("oftr", "help", "OFP.SEND_")).toEqual(["OFP.SEND_BATCH"]);
  });

  it("offers nothing for a value that is free", () => {
    expect(offered("oftr", "decode", "--jobs", "")).toEqual([]);
  });

  it.each([
    ["an operand", "decode "],
    ["a value", "decode --output="],
  ])("completes %s to a file, with its blanks", async (_, before) => {
    expect(await typed(`oftr ${before}one\t`)).toContain(`oftr ${before}one\\ capture.pcap`);
  });
});

/** What a terminal shows when this is typed, up to the name of the file. */
function typed(text: string): Promise<string> {
  const shell = spawn("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
    cwd: folder,
    env: { ...process.env, PS1: "$ ", HISTFILE: "" },
  });
  return new Promise((resolve, reject) => {
    let shown = "";
    shell.once("error", reject);
    shell.once("exit", () => resolve(shown));
    shell.stdout.on("data", (bytes) => {
      shown += bytes;
      if (shown.includes(".pcap")) shell.stdin.end("\u0015exit\n");
    });
    shell.stdin.write(`source ${script}\n${text}`);
  });
}

describe("completion", () => {
  it.each([
    ["bash", bashCompletion],
    ["zsh", zshCompletion],
    ["fish", fishCompletion],
  ])("for %s knows each command and each option that is not hidden", (_, make) => {
    const text = make(model);
    expect(model.commands.length).toBeGreaterThan(5);
    for (const { name, options } of model.commands) {
      expect(text).toContain(name);
      for (const option of options) expect(text).toContain(option.name);
    }
    expect(text).not.toContain("initial-sleep");
  });
});
