import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IdentityError, type IdentitySource, readIdentity } from "../../src/channel/index.js";
import { Certificates, hasOpenssl } from "../certificates.js";

const openssl = hasOpenssl();
if (!openssl) process.stderr.write("not run: what an identity is made of (openssl is not installed)\n");

describe.skipIf(!openssl)("what an identity is made of", () => {
  let files: Certificates;
  let good: IdentitySource;

  beforeAll(() => {
    files = new Certificates();
    files.authority("ca");
    files.certificate("a", "ca");
    files.certificate("b", "ca");
    files.openssl("pkcs8", "-topk8", "-in", "a.key", "-out", "a.enc", "-passout", "pass:Tr0ub4dor");
    files.openssl("ec", "-aes128", "-in", "a.key", "-out", "a.old", "-passout", "pass:Tr0ub4dor");
    good = { cert: files.path("a.pem"), privkey: files.path("a.key") };
  });

  afterAll(() => files.remove());

  function refusal(change: Partial<IdentitySource>): [string, string, number, string] {
    try {
      readIdentity({ ...good, ...change });
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      return [error.part, error.reason, error.code, error.message];
    }
    throw new Error("it is taken");
  }

  it("is read from files, and taken as text", () => {
    const read = readIdentity({ ...good, cacert: files.path("ca.pem") });
    expect(read).toMatchObject({
      cert: files.text("a.pem"),
      key: files.text("a.key"),
      ca: files.text("ca.pem"),
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
    });
    const cert = `a comment\n${files.text("a.pem")}${files.text("ca.pem")}`;
    const privkey = files.text("a.pem") + files.text("a.key");
    const taken = readIdentity({ cert, privkey, cacert: "", password: "", version: "", ciphers: "" });
    expect(taken).toMatchObject({ cert, key: privkey, ca: undefined, passphrase: undefined });
  });

  it("may have an encrypted key, in both forms", () => {
    for (const name of ["a.enc", "a.old"]) {
      const source = { ...good, privkey: files.text(name) };
      expect(readIdentity({ ...source, password: "Tr0ub4dor" }).passphrase).toBe("Tr0ub4dor");
      expect(refusal(source)).toEqual([
        "privkey",
        "BAD_PASSWORD",
        0x07880109,
        "privkey: the key is encrypted: password or password_file is missing",
      ]);
      expect(refusal({ ...source, password: "hunter2" })).toEqual([
        "password",
        "BAD_PASSWORD",
        expect.any(Number),
        expect.stringMatching(
          /^password: the key cannot be decrypted: is password right\? \(.*bad decrypt\)$/,
        ),
      ]);
    }
  });

  it("may have its password in the first line of a file", () => {
    const source = { ...good, privkey: files.path("a.enc"), password_file: files.path("a.password") };
    const write = (text: string): void => writeFileSync(source.password_file, text, { mode: 0o600 });
    for (const text of ["Tr0ub4dor", "Tr0ub4dor\n", "Tr0ub4dor\r\nnot this\n"]) {
      write(text);
      expect(readIdentity(source).passphrase).toBe("Tr0ub4dor");
    }
    write("hunter2\n");
    expect(refusal(source)[3]).toMatch(
      /^password_file: the key cannot be decrypted: is password_file right\?/,
    );
    write("\nTr0ub4dor\n");
    expect(refusal(source)).toEqual([
      ...["password_file", "BAD_PASSWORD", 22],
      "password_file: the first line of the file is empty",
    ]);
    expect(refusal({ ...source, password: "Tr0ub4dor" })[3]).toBe(
      "password_file: password is there as well: give one of them",
    );
    expect(refusal({ ...source, password_file: files.path("none") })).toEqual([
      ...["password_file", "FILE", 2, "No such file or directory"],
    ]);
    expect(refusal({ ...source, password_file: files.folder })[3]).toBe("Is a directory");
  });

  it.each([
    ["TLS1.0", "TLSv1", "TLSv1"],
    ["tls1.3", "TLSv1.3", "TLSv1.3"],
    ["TLS1.2-", "TLSv1.2", "TLSv1.2"],
    ["TLS1.1-TLS1.3", "TLSv1.1", "TLSv1.3"],
  ])("version %s is %s to %s", (version, minVersion, maxVersion) => {
    expect(readIdentity({ ...good, version })).toMatchObject({ minVersion, maxVersion });
  });

  it.each(["TLS1.4", "1.2", "TLS1.3-TLS1.2", "TLS1.0-TLS1.1-TLS1.2", "-TLS1.2"])(
    "version %s is refused",
    (version) => {
      expect(refusal({ version })).toEqual([
        "version",
        "BAD_VERSION",
        22,
        "version: Invalid argument: TLS1.0, TLS1.1, TLS1.2, TLS1.3 or a range in ascending order, TLS1.2-TLS1.3, is expected",
      ]);
    },
  );

  it("has OpenSSL's security level 0 for TLS 1.0 and 1.1, unless the ciphers say which", () => {
    expect(readIdentity({ ...good, version: "TLS1.1", ciphers: "HIGH" }).ciphers).toBe("HIGH:@SECLEVEL=0");
    expect(readIdentity({ ...good, version: "TLS1.0", ciphers: "HIGH:@SECLEVEL=1" }).ciphers).toBe(
      "HIGH:@SECLEVEL=1",
    );
    expect(readIdentity({ ...good, version: "TLS1.2", ciphers: "HIGH" }).ciphers).toBe("HIGH");
  });

  it("does not take a key of another certificate", () => {
    expect(refusal({ privkey: files.path("b.key") })).toEqual([
      "privkey",
      "KEY_MISMATCH",
      0x05800074,
      "privkey: the key does not belong to the (first) certificate of cert (key values mismatch)",
    ]);
  });

  it("does not take what is not PEM", () => {
    const noStart = "there is no -----BEGIN CERTIFICATE----- with its END in it (PEM: no start line)";
    expect(refusal({ cert: "" })).toEqual(["cert", "BAD_CERTIFICATE", 0x0480006c, `cert: ${noStart}`]);
    expect(refusal({ cacert: "x\n" })).toEqual([
      "cacert",
      "BAD_CERTIFICATE",
      0x0480006c,
      `cacert: ${noStart}`,
    ]);
    const cut = `${files.text("ca.pem")}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`;
    expect(refusal({ cacert: cut })).toEqual([
      "cacert",
      "BAD_CERTIFICATE",
      expect.any(Number),
      expect.stringMatching(/^cacert: certificate 2: asn1 encoding routines: /),
    ]);
    expect(refusal({ privkey: files.path("a.pem") })).toEqual([
      "privkey",
      "BAD_KEY",
      0x1e08010c,
      "privkey: there is no private key in PEM form that OpenSSL can read (DECODER routines: unsupported)",
    ]);
  });

  it("tells with the system's number and words which file cannot be read, and never its name", () => {
    mkdirSync(files.path("folder"));
    writeFileSync(files.path("large"), Buffer.alloc((1 << 20) + 1));
    execFileSync("mkfifo", [files.path("pipe")]);
    expect(refusal({ cert: "/nowhere/a.pem" })).toEqual(["cert", "FILE", 2, "No such file or directory"]);
    expect(refusal({ privkey: "nowhere.key" })).toEqual(["privkey", "FILE", 2, "No such file or directory"]);
    expect(refusal({ cacert: files.path("folder") })).toEqual(["cacert", "FILE", 21, "Is a directory"]);
    expect(refusal({ cacert: files.path("pipe") })).toEqual(["cacert", "FILE", 22, "Invalid argument"]);
    expect(refusal({ cacert: files.path("large") })[3]).toBe("the file has more than 1048576 bytes");
    expect(refusal({ privkey: "MIIE".repeat(2000) })).toEqual(["privkey", "FILE", 36, "File name too long"]);
    expect(refusal({ privkey: "MI\0IE" })).toEqual(["privkey", "FILE", 22, "Invalid argument"]);
  });
});
