/** Certificates for tests, made by openssl when they are needed: nothing here is of use to anybody else. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Is there a program to make them with? */
export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** How a certificate differs from one for anybody, from now on for ten years, that its authority has signed. */
export interface CertificateSettings {
  /** `openssl x509 -not_before` is too new for Debian 12: of these, `openssl ca` takes dates. */
  readonly dates?: readonly [from: string, to: string];
  /** `clientAuth`, `serverAuth`. */
  readonly usage?: string;
  /** subjectAltName: `DNS:a.example,URI:b:c`. */
  readonly altName?: string;
}

/** A folder with authorities and certificates: `NAME.pem` and `NAME.key`. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), "oftr-certificates-"));

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  text(name: string): string {
    return readFileSync(this.path(name), "latin1");
  }

  /** Makes an authority; its certificate is signed by itself. */
  authority(name: string): void {
    this.openssl(
      ...["req", "-x509", ...NEW_KEY, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`],
      ...["-subj", `/O=oftr tests/CN=${name}`, "-days", "3650"],
    );
    writeFileSync(this.path(`${name}.index`), "");
    writeFileSync(
      this.path(`${name}.cnf`),
      [
        ...["[ca]", "default_ca=a", "[a]", `database=${name}.index`, "new_certs_dir=.", "rand_serial=yes"],
        ...["default_md=sha256", "policy=p", "unique_subject=no", "[p]", "commonName=supplied"],
      ].join("\n"),
    );
  }

  /** Makes a certificate that an authority has signed. */
  certificate(name: string, authority: string, { dates, usage, altName }: CertificateSettings = {}): void {
    this.openssl(
      ...["req", ...NEW_KEY, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`],
      ...["-subj", `/CN=${name}`],
    );
    const extensions = { extendedKeyUsage: usage, subjectAltName: altName };
    const lines = Object.entries(extensions).map(([key, value]) => (value ? `${key}=${value}\n` : ""));
    writeFileSync(this.path(`${name}.ext`), lines.join(""));
    this.openssl(
      ...["ca", "-batch", "-notext", "-config", `${authority}.cnf`, "-extfile", `${name}.ext`],
      ...["-cert", `${authority}.pem`, "-keyfile", `${authority}.key`],
      ...["-in", `${name}.csr`, "-out", `${name}.pem`],
      ...(dates === undefined ? ["-days", "3650"] : ["-startdate", dates[0], "-enddate", dates[1]]),
    );
  }

  /** Runs openssl in the folder. */
  openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
