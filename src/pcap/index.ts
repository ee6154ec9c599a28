export { writePcapHeader, writePcapRecord } from "./pcap-writer.js";
