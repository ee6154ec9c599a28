/**
 * Property tests take the same inputs in every `npm test`, so that a failure belongs to the change at hand.
 * `npm run fuzz` searches further: other inputs each time, and more of them where a test does not set their number.
 */
import fc from "fast-check";

fc.configureGlobal(process.env.OFTR_FUZZ === "1" ? { numRuns: 2000 } : { seed: 20_090_331 });
