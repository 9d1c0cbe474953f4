import { answerText, ANSWER, ANSWER_CAPACITY, helix_input_read } from "./abi";
import { Json } from "./json";
import { Failure, Result } from "./result";

/** A CloudEvent. It is not read before something of it is asked for. */
export class Event {
  /** Why it could not be read; a handler that has asked such an event for anything fails with it. */
  failure: Failure | null = null;
  private source_: Result<string> | null = null;
  private parsed: Json | null = null;

  /** The event as JSON text. */
  get text(): string {
    let text = this.source_;
    if (!text) {
      text = answerText(helix_input_read(ANSWER, ANSWER_CAPACITY));
      this.source_ = text;
      if (!this.failure) this.failure = text.failure;
    }
    return text.or("");
  }

  /** All of it. An event that is not JSON is absent. */
  get json(): Json {
    let json = this.parsed;
    if (!json) {
      const result = Json.parse(this.text);
      const failure = result.failure;
      if (failure && !this.failure) this.failure = failure.during("the event");
      json = result.or(Json.absent());
      this.parsed = json;
    }
    return json;
  }

  get id(): string {
    return this.attribute("id");
  }

  get source(): string {
    return this.attribute("source");
  }

  get type(): string {
    return this.attribute("type");
  }

  get time(): string {
    return this.attribute("time");
  }

  /** "" when it has none. */
  get subject(): string {
    return this.attribute("subject");
  }

  /** What it says; absent when it has no data. */
  get data(): Json {
    return this.json.get("data");
  }

  /** Any attribute, e.g. of an extension; "" when there is none. */
  attribute(name: string): string {
    return this.json.getString(name).or("");
  }

  /** Whether a source is woken, rather than handed a request. */
  get isWake(): bool {
    return this.type == "helix.wake";
  }

  /** Whether a source is handed a request: `data` has `method`, `query`, `headers` and `body` or `body64`. */
  get isRequest(): bool {
    return this.type == "helix.request";
  }
}
