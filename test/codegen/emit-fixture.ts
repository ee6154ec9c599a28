/** A schema with a little of everything, for the tests of what is emitted besides codecs. */
import { type Model, readSchemaSources } from "../../src/schema/index.js";

const SCHEMA = `
UInt8: {kind: scalar, form: uint, widths: [u8], doc: A byte.}
UInt16: {kind: scalar, form: uint, widths: [u16], doc: Two bytes.}
UInt32: {kind: scalar, form: uint, widths: [u32], doc: Four bytes.}
UInt64: {kind: scalar, form: uint, widths: [u64], doc: Eight bytes.}
HexData: {kind: scalar, form: hex, widths: [bytes], doc: Bytes.}
DatapathId: {kind: scalar, form: datapath, widths: [u64], doc: A switch.}
Level: {kind: number, widths: {u8: as_is}, names: {LOW: 0, HIGH: 0xff}, also: {TOP: HIGH}, doc: A level.}
Colour: {kind: enum, values: {RED: 0, BLUE: {1.4+: 1}}, docs: {RED: Like blood.}, doc: A colour.}
LampFlags: {kind: flags, bits: {ON: 0, DIM: {1.0: 1}, WARM: {1.1+: 1}}, doc: "State of a lamp."}
Part:
  kind: union
  doc: One part.
  spec: {1.0: §1}
  tag: part
  header: {type: u16, length: u16}
  align: 8
  cases:
    BULB:
      type: {all: 1}
      spec: {1.0: §1.1}
      doc: Gives light.
      json: {power: {type: UInt16, doc: Watts.}}
      wire: {all: [{power: u16}, {$pad: 2}]}
    SWITCH:
      type: {1.4+: 2}
      spec: 1.4 §1.2
      doc: Turns it on.
      wire: {1.4+: [{$pad: 4}]}
LAMP_MOD:
  kind: message
  type: {1.0: 9, 1.1+: 14}
  spec: {1.0: §5, 1.4: §7}
  doc: Changes a lamp.
  json:
    id:     {type: UInt64, doc: Which lamp.}
    level:  {type: Level, default: HIGH}
    colour: {type: Colour, default: RED, ignorable: yes}
    flags:  [LampFlags]
    parts:  {type: [Part], default: []}
  wire:
    1.0: [{id: u64}, {level: u8}, {flags: u16}, {parts: list}]
    1.1+: [{id: u64}, {level colour: u8}, {flags: u16}, {parts: list}]
LAMPS_REQUEST:
  kind: multipart
  part: request
  type: {all: 3}
  spec: {1.0: §6}
  doc: Asks for all lamps.
`;

/** The model of that schema. */
export function fixtureModel(): Model {
  return readSchemaSources([{ name: "lamps.yaml", text: SCHEMA }]).model;
}
