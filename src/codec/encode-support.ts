// What generated encoders call: JSON values to numbers and bytes, and the errors when they are not what they should be.
// Values come from JSON (numbers, strings) or from YAML, where every scalar is text; both are read alike.
export * from "./encode-support/errors.js";
export * from "./encode-support/moved.js";
export * from "./encode-support/names.js";
export * from "./encode-support/numbers.js";
export * from "./encode-support/objects.js";
export * from "./encode-support/properties.js";
export * from "./encode-support/texts.js";
export * from "./encode-support/tlv-ids.js";
