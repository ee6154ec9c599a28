// A bridge of Open vSwitch that speaks OpenFlow 1.4 only, served by `oftr jsonrpc`.
import { checkOpenVSwitch } from "./checks/open-vswitch.js";

checkOpenVSwitch(5);
