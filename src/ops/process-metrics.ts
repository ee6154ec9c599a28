// What Prometheus calls the metrics of every process.
import { readdirSync } from "node:fs";
import { maxDescriptors } from "./descriptors.js";
import type { Family } from "./prometheus.js";

const STARTED = Date.now() / 1000 - process.uptime();

/** CPU time, memory, descriptors. What this system does not tell is left out. */
export function processMetrics(): Family[] {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  return [
    counter("process_cpu_seconds_total", "CPU time spent, in seconds.", (user + system) / 1e6),
    counter("process_cpu_user_seconds_total", "CPU time spent in the program itself.", user / 1e6),
    counter("process_cpu_system_seconds_total", "CPU time spent in the kernel for it.", system / 1e6),
    gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", STARTED),
    gauge("process_resident_memory_bytes", "Memory in use.", memory.rss),
    gauge("nodejs_heap_size_total_bytes", "Size of the JavaScript heap.", memory.heapTotal),
    gauge("nodejs_heap_size_used_bytes", "Of that, in use.", memory.heapUsed),
    gauge("nodejs_external_memory_bytes", "Memory of buffers outside of the heap.", memory.external),
    gauge("process_open_fds", "Open descriptors.", countDescriptors()),
    gauge("process_max_fds", "Descriptors that may be open.", maxDescriptors()),
  ];
}

/** Undefined where there is no /proc. */
function countDescriptors(): number | undefined {
  try {
    // One of them is that of the folder itself.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}

function counter(name: string, help: string, value: number): Family {
  return { name, type: "counter", help, samples: [{ value }] };
}

function gauge(name: string, help: string, value: number | undefined): Family {
  return { name, type: "gauge", help, samples: value === undefined ? [] : [{ value }] };
}
