// The primitives of the hot path, 100 calls a sample. Each writes bytes into the slab: there is no string to flatten.
import { bench, describe } from "vitest";
import {
  parseJson,
  parseJsonLossless,
  parseMac,
  parseYaml,
  Text,
  writeChars,
  writeDec,
  writeHex,
  writeIPv4,
  writeIPv6,
  writeMac,
  writeU64,
  writeYamlDocument,
} from "../../src/text/index.js";

const w = new Text();
const b = Buffer.from(
  "0000001234567890deadbeefcafebabe01ff10c80a00000100112233445566778899aabbccddeeff",
  "hex",
);
const name = Buffer.from("s1-eth1\0\0\0\0\0\0\0\0\0");
const many = (write: () => void) => () => {
  w.rewind();
  for (let i = 0; i < 100; i++) write();
};

describe("write", () => {
  bench(
    "writeDec 7",
    many(() => writeDec(7, w)),
  );
  bench(
    "writeDec 65535",
    many(() => writeDec(65535, w)),
  );
  bench(
    "writeDec 4294967295",
    many(() => writeDec(4294967295, w)),
  );
  bench(
    "writeU64 below 2^53",
    many(() => writeU64(b, 0, w)),
  );
  bench(
    "writeU64 above 2^53",
    many(() => writeU64(b, 8, w)),
  );
  bench(
    "writeMac",
    many(() => writeMac(b, 8, w)),
  );
  bench(
    "writeIPv4",
    many(() => writeIPv4(b, 16, w)),
  );
  bench(
    "writeIPv6",
    many(() => writeIPv6(b, 24, w)),
  );
  bench(
    "writeHex, 40 bytes",
    many(() => writeHex(b, 0, 40, w)),
  );
  bench(
    "writeChars",
    many(() => writeChars(name, 0, 16, w)),
  );
});

const flowMod =
  '{"type":"FLOW_MOD","xid":1,"version":4,"msg":{"cookie":18446744073709551615,"cookie_mask":0,"table_id":0,' +
  '"command":"ADD","idle_timeout":0,"hard_timeout":60,"priority":32768,"buffer_id":"NO_BUFFER","out_port":"ANY",' +
  '"out_group":"ANY","flags":["SEND_FLOW_REM","CHECK_OVERLAP"],"match":[{"field":"ETH_DST","value":"00:11:22:33:44:55"},' +
  '{"field":"IPV4_SRC","value":"10.0.0.1"}],"instructions":[{"instruction":"APPLY_ACTIONS","actions":[{"action":"OUTPUT",' +
  '"port_no":1,"max_len":"NO_BUFFER"}]}]}}';
const bytes = Buffer.from(flowMod);
const yaml = new Text();
writeYamlDocument(bytes, yaml);
const yamlText = yaml.takeString();
const target = Buffer.alloc(16);

describe("parse and print one FLOW_MOD", () => {
  bench("parseJson", () => void parseJson(flowMod));
  bench("parseJsonLossless", () => void parseJsonLossless(flowMod));
  bench("parseYaml", () => void parseYaml(yamlText));
  bench("writeYamlDocument", () => {
    yaml.rewind();
    writeYamlDocument(bytes, yaml);
  });
  bench("parseMac", () => void parseMac("00:11:22:33:44:55", target, 0));
});
