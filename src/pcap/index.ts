export type { StreamSink } from "./byte-stream.js";
export { type CaptureOptions, CaptureReader } from "./capture-reader.js";
export type {
  CapturedFlow,
  CapturedMessage,
  CaptureTrouble,
  CaptureTroubleCode,
} from "./captured-message.js";
export * from "./conversation-writer.js";
export { gunzip } from "./gunzip.js";
export { type CaptureFormat, captureFormat, MAGIC_BYTES } from "./magic.js";
export { OPENFLOW_PORTS } from "./openflow-ports.js";
export { writePcapHeader, writePcapRecord } from "./pcap-writer.js";
export type { PcapngFacts } from "./pcapng-writer.js";
