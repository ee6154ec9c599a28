/**
 * Property tests take the same inputs in every `npm test`, so that a failure belongs to the change at hand.
 * `npm run fuzz` searches further.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: 20_090_331 });
