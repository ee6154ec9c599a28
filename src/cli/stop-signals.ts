/** When a command that would go on for ever is to stop. */

/** Calls `stop` at Ctrl-C, at SIGTERM, and after so many seconds if they are given. Gives what takes that back. */
export function onStop(seconds: number | undefined, stop: () => void): () => void {
  const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return () => {
    clearTimeout(timer);
    process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
  };
}
