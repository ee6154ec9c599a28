/** The man pages, judged by a reader of man pages. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeWith } from "./installed.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

describeWith(["mandoc"], "man pages", () => {
  execFileSync("npm", ["run", "-s", "man"], { cwd: root, stdio: "ignore" });
  const pages = readdirSync(`${root}/man`);

  it.each(pages)("%s has nothing that mandoc warns of", (page) => {
    const { stdout } = spawnSync("mandoc", ["-Tlint", "-Wwarning", `${root}/man/${page}`], {
      encoding: "utf8",
    });
    expect(stdout.split("\n").filter((line) => !/missing date|^$/.test(line))).toEqual([]);
  });

  it("show all words of the summaries", () => {
    const shown = execFileSync("mandoc", ["-Tutf8", `${root}/man/oftr.1`], { encoding: "utf8" });
    expect(pages).toContain("oftr-decode.1");
    expect(shown.replace(/.\u0008/g, "")).toContain("oftr-decode(1)");
  });

  it("are those that the package has", () => {
    const { files, directories } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    expect(files).toContain("man");
    expect(directories).toEqual({ man: "man" });
  });
});
