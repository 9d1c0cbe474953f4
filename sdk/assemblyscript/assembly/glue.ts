/** What the generated exports call around a handler. */

import { helixAbort, writeOutput } from "./abi";
import { takeRefusedEmit } from "./emit";
import { Event } from "./event";
import { Outcome } from "./result";

export { helixAbort, Event };
export { done } from "./result";

export function begin(): Event {
  takeRefusedEmit();
  return new Event();
}

/** What the handler returned, unless its event could not be read or something it emitted was refused. */
export function finish(event: Event, outcome: Outcome): i32 {
  let failure = event.failure;
  if (!failure && outcome.code == Outcome.DONE) failure = takeRefusedEmit();
  return end(failure ? failure.outcome() : outcome);
}

/** Of `helix_init`. */
export function end(outcome: Outcome): i32 {
  const output = outcome.output;
  if (outcome.code != Outcome.DONE) {
    writeOutput(outcome.reason);
  } else if (output) {
    const failure = writeOutput(output.toString());
    if (failure) return end(failure.outcome());
  }
  return outcome.code;
}
