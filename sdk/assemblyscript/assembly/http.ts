import { ANSWER, ANSWER_CAPACITY, answerText, decodeBytes, encode, helix_http_request, pointer } from "./abi";
import { decodeBase64, encodeBase64 } from "./base64";
import { Json } from "./json";
import { Failure, Result } from "./result";

/** A request over HTTP. Needs its host in `"capabilities": {"http": [..]}`. */
export class Request {
  private readonly json: Json;
  private readonly headers: Json = Json.object();

  constructor(method: string, url: string) {
    this.json = Json.object().set("method", method).set("url", url);
  }

  header(name: string, value: string): Request {
    this.headers.set(name, value);
    this.json.set("headers", this.headers);
    return this;
  }

  body(text: string): Request {
    this.json.remove("body64").set("body", text);
    return this;
  }

  /** A JSON body, with its content type. */
  jsonBody(value: Json): Request {
    return this.header("Content-Type", "application/json").body(value.toString());
  }

  bytesBody(bytes: Uint8Array): Request {
    this.json.remove("body").set("body64", encodeBase64(bytes));
    return this;
  }

  timeout(millis: i32): Request {
    this.json.set("timeoutMs", millis);
    return this;
  }

  /** Helix adds a header with the secret of this name; the plugin never sees it. */
  credential(name: string, header: string = "Authorization", prefix: string = "Bearer "): Request {
    this.json.set("credential", Json.object().set("name", name).set("header", header).set("prefix", prefix));
    return this;
  }

  /** An answer of any status is a success; UNAVAILABLE when there was none. */
  send(): Result<Response> {
    const request = encode(this.json.toString());
    const text = answerText(helix_http_request(pointer(request), request.byteLength, ANSWER, ANSWER_CAPACITY));
    let failure = text.failure;
    if (failure) return Result.failed<Response>(failure);
    const answer = Json.parse(text.value);
    failure = answer.failure;
    return failure ? Result.failed<Response>(failure) : Result.of<Response>(new Response(answer.value));
  }
}

export class Response {
  constructor(private readonly answer: Json) {}

  get status(): i32 {
    return <i32>this.answer.getInteger("status").or(0);
  }

  /** Whether the status is 200 to 299. */
  get ok(): bool {
    return this.status >= 200 && this.status < 300;
  }

  /** A header, however its name is written; "" when there is none. */
  header(name: string): string {
    const headers = this.answer.get("headers");
    const wanted = name.toLowerCase();
    const names = headers.keys();
    for (let i = 0; i < names.length; i++) {
      if (names[i].toLowerCase() == wanted) return headers.getString(names[i]).or("");
    }
    return "";
  }

  /** INVALID when the body is not UTF-8. */
  text(): Result<string> {
    if (!this.answer.has("body64")) return Result.of<string>(this.answer.getString("body").or(""));
    const bytes = this.bytes();
    const failure = bytes.failure;
    return failure ? Result.failed<string>(failure) : decodeBytes(bytes.value);
  }

  bytes(): Result<Uint8Array> {
    if (this.answer.has("body64")) return decodeBase64(this.answer.getString("body64").or(""));
    return Result.of<Uint8Array>(Uint8Array.wrap(encode(this.answer.getString("body").or(""))));
  }

  /** INVALID when the body is not JSON. */
  json(): Result<Json> {
    const text = this.text();
    const failure = text.failure;
    return failure ? Result.failed<Json>(failure) : Json.parse(text.value);
  }
}

export namespace http {
  export function get(url: string): Result<Response> {
    return new Request("GET", url).send();
  }

  export function postJson(url: string, value: Json): Result<Response> {
    return new Request("POST", url).jsonBody(value).send();
  }
}

/** UNAVAILABLE for 408, 429 and from 500 on, INVALID for any other status that is not 2xx, null for 2xx. */
export function statusFailure(response: Response): Failure | null {
  if (response.ok) return null;
  const status = response.status;
  const later = status == 408 || status == 429 || status >= 500;
  return new Failure(later ? Failure.UNAVAILABLE : Failure.INVALID, "the answer has status " + status.toString());
}
