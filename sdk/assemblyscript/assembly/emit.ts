import { encode, helix_emit_event, pointer, refused } from "./abi";
import { Json } from "./json";
import { Failure } from "./result";

/** An event to be emitted. Published only when the handler ends with `done`. */
export class Draft {
  private readonly json: Json;

  constructor(type: string, data: Json) {
    this.json = Json.object().set("type", type).set("data", data);
  }

  subject(subject: string): Draft {
    this.json.set("subject", subject);
    return this;
  }

  /** Events of one key stay in their order. */
  key(key: string): Draft {
    this.json.set("key", key);
    return this;
  }

  /** Two events of one id are the same event: the second is dropped. */
  id(id: string): Draft {
    this.json.set("id", id);
    return this;
  }

  /** RFC 3339. */
  time(time: string): Draft {
    this.json.set("time", time);
    return this;
  }

  /** Emits it. When Helix refuses it, the call fails with the reason, whatever the handler makes of it. */
  emit(): Failure | null {
    const failure = this.tryEmit();
    if (failure && !refusedEmit) refusedEmit = failure.during("an event was refused");
    return failure;
  }

  /** Emits it. When Helix refuses it, that is for the handler to decide on. */
  tryEmit(): Failure | null {
    const bytes = encode(this.json.toString());
    return refused(helix_emit_event(pointer(bytes), bytes.byteLength));
  }
}

let refusedEmit: Failure | null = null;

/** Emits an event of `type`; see `Draft` for one with a subject or key. */
export function emit(type: string, data: Json): Failure | null {
  return new Draft(type, data).emit();
}

/** @internal The first refusal since it was last asked for. */
export function takeRefusedEmit(): Failure | null {
  const failure = refusedEmit;
  refusedEmit = null;
  return failure;
}
