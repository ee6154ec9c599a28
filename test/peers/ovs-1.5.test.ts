// A bridge of Open vSwitch that speaks OpenFlow 1.5 only, served by `oftr jsonrpc`.
import { checkOpenVSwitch } from "./checks/open-vswitch.js";

checkOpenVSwitch(6);
