// What deploy/ says to others is what the daemon understands. The image itself is built and started by .ci/run.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parseAllDocuments, parse as parseYaml } from "yaml";
import { readConfiguration } from "../../src/ops/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "oftr-deploy-"));

afterAll(() => rmSync(scratch, { recursive: true }));

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The variables of the Dockerfile. */
function imageVariables(): Record<string, string> {
  const lines = read("Dockerfile").matchAll(/^ENV (\w+)=(.*)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name, value]) => [name, value] as [string, string]));
}

describe("the Dockerfile", () => {
  it("has variables that the daemon understands", async () => {
    const { values } = await readConfiguration(new Map(), imageVariables());
    expect(values.listen).toEqual(["unix:/run/oftr/rpc.sock,mode=0660"]);
    expect(values.openflow.map(({ params }) => params.endpoint)).toEqual(["0.0.0.0:6653"]);
    // Loopback of the container: who wants it outside says so.
    expect(values.metrics).toEqual({ host: "127.0.0.1", port: 9303 });
  });

  it("runs as a user and not as root", () => {
    expect(read("Dockerfile")).toMatch(/^USER node$/m);
  });

  it("copies nothing that the build does not need", () => {
    expect(read(".dockerignore").split("\n")).toEqual(
      expect.arrayContaining([".git", "node_modules", "dist", "src/codec/gen"]),
    );
  });
});

describe("compose.yaml", () => {
  it("lets the controller in where the image serves, and publishes OpenFlow only", () => {
    const { services } = parseYaml(read("deploy/compose.yaml")) as {
      services: Record<
        string,
        { ports?: string[]; volumes: string[]; command?: string[]; depends_on?: object; user?: string }
      >;
    };
    const { oftr, controller } = services;
    expect(oftr?.ports).toEqual(["6653:6653"]);
    expect(oftr?.volumes).toContain("rpc:/run/oftr");
    expect(controller?.volumes).toContain("rpc:/run/oftr");
    expect(controller?.command?.at(-1)).toBe("/run/oftr/rpc.sock");
    expect(controller?.volumes.some((volume) => volume.startsWith("../examples/unix-socket-hub.mjs:"))).toBe(
      true,
    );
    expect(controller?.depends_on).toEqual({ oftr: { condition: "service_healthy" } });
    expect(controller?.user).toBe("node");
  });
});

interface Container {
  readonly name: string;
  readonly env?: readonly { name: string; value: string }[];
  readonly ports?: readonly { name: string; containerPort: number }[];
  readonly volumeMounts: readonly { name: string; mountPath: string }[];
  readonly restartPolicy?: string;
}

describe("kubernetes.yaml", () => {
  const documents = parseAllDocuments(read("deploy/kubernetes.yaml")).map(
    (document) => document.toJS() as { kind: string; spec: Record<string, unknown> },
  );

  it("has a deployment and a service for the switches", () => {
    expect(documents.map(({ kind }) => kind)).toEqual(["Deployment", "Service"]);
  });

  it("gives the sidecar settings that it understands, and ports that fit them", async () => {
    const template = documents[0]?.spec.template as {
      spec: { initContainers: Container[]; containers: Container[] };
    };
    const [sidecar] = template.spec.initContainers;
    expect(sidecar?.restartPolicy).toBe("Always");
    const variables = Object.fromEntries((sidecar?.env ?? []).map(({ name, value }) => [name, value]));
    const { values } = await readConfiguration(new Map(), variables);
    const ports = Object.fromEntries(
      (sidecar?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]),
    );
    expect(values.openflow[0]?.params.endpoint).toBe(`0.0.0.0:${ports.openflow}`);
    expect(values.metrics).toEqual({ host: "0.0.0.0", port: ports.metrics });
    expect(values.listen).toEqual(["unix:/run/oftr/rpc.sock,mode=0660"]);
    for (const container of [sidecar, ...template.spec.containers]) {
      expect(container?.volumeMounts).toContainEqual({ name: "rpc", mountPath: "/run/oftr" });
    }
  });
});

describe("the systemd units", () => {
  it("start the daemon with a file that it understands", async () => {
    const [, words = ""] =
      /^ExecStart=\/usr\/bin\/oftr jsonrpc (.*)$/m.exec(read("deploy/systemd/oftr.service")) ?? [];
    expect(words).toBe("--config=/etc/oftr/oftr.yaml --listen=systemd");
    const commandLine = new Map([
      ["config", [join(root, "deploy/systemd/oftr.yaml")]],
      ["listen", ["systemd"]],
    ]);
    const { values } = await readConfiguration(commandLine, {});
    expect(values.openflow).toHaveLength(1);
    expect(values.loglevel).toBe("info");
  });

  it("have a line for TLS that is right once it is no comment", async () => {
    const [, endpoint = ""] = /^ {2}# - (tls:.*)$/m.exec(read("deploy/systemd/oftr.yaml")) ?? [];
    const { values } = await readConfiguration(new Map([["openflow", [endpoint]]]), {});
    expect(values.openflow[0]).toMatchObject({ tls: true, files: { cert: "/etc/oftr/cert.pem" } });
  });
});
