import {
  Draft, Event, Failure, Json, Outcome, Request, Result, call, config, credential, decodeBase64, done, emit, encodeBase64,
  failed, http, kv, log, now, nowText, randomBytes, reply, retry, statusFailure,
} from "helix-agent/assembly";

/** What a result is, as JSON: its value, or the code and reason of its failure. */
function shown<T>(result: Result<T>): Json {
  const failure = result.failure;
  return failure ? shownFailure(failure) : Json.of(result.value);
}

function shownFailure(failure: Failure | null): Json {
  if (!failure) return Json.nil();
  return Json.object().set("code", failure.code).set("reason", failure.reason);
}

@init
export function start(): Outcome {
  return config.get("refuse").asBoolean().or(false) ? failed("told to refuse") : done();
}

@action("test.parse")
export function parse(event: Event): Outcome {
  const parsed = Json.parse(event.data.getString("text").value);
  const failure = parsed.failure;
  if (failure) return done(Json.object().set("failure", failure.reason));
  return done(Json.object().set("written", parsed.value.toString()).set("length", parsed.value.length));
}

@action("test.numbers")
export function numbers(event: Event): Outcome {
  const list = event.data.getArray("numbers").value;
  const out = Json.array();
  for (let i = 0; i < list.length; i++) {
    const parsed = Json.parse(list.at(i).asString().value).value;
    const integer = parsed.asInteger();
    out.push(Json.object()
      .set("bits", reinterpret<u64>(parsed.asNumber().value).toString())
      .set("integer", integer.ok ? integer.value.toString() : integer.failure!.reason)
      .set("written", Json.of(parsed.asNumber().value)));
  }
  return done(out);
}

@action("test.values")
export function values(event: Event): Outcome {
  const data = event.data;
  const nothing: string | null = null;
  const something: string | null = "text";
  return done(Json.object()
    .set("strings", Json.array().push(shown(data.getString("s"))).push(shown(data.getString("n"))).push(shown(data.getString("none"))))
    .set("integers", Json.array().push(shown(data.getInteger("n"))).push(shown(data.getInteger("f"))).push(shown(data.getInteger("s"))))
    .set("numbers", Json.array().push(shown(data.getNumber("f"))).push(shown(data.getNumber("nil"))))
    .set("booleans", Json.array().push(shown(data.getBoolean("b"))).push(shown(data.getBoolean("a"))))
    .set("containers", Json.array().push(shown(data.getArray("a"))).push(shown(data.getObject("o"))).push(shown(data.getObject("a"))))
    .set("path", data.get("o").get("deep").at(1).get("x").asString().or("fallback"))
    .set("absent", data.get("o").get("no").at(5).get("x").isAbsent)
    .set("asString", shown(data.get("nil").asString()))
    .set("keys", data.get("o").keys())
    .set("nullable", Json.array().push(nothing).push(something))
    .set("nan", NaN)
    .set("infinity", Infinity)
    .set("i64", i64.MIN_VALUE)
    .set("u64", u64.MAX_VALUE)
    .set("f64", 0.1)
    .set("removed", 1)
    .remove("removed"));
}

@action("test.event")
export function attributes(event: Event): Outcome {
  return done(Json.object()
    .set("id", event.id).set("source", event.source).set("type", event.type).set("time", event.time)
    .set("subject", event.subject).set("extension", event.attribute("helixrun")).set("length", event.text.length)
    .set("data", event.data));
}

@action("test.config", {
  config: { type: "object", properties: { filled: { type: "string", "default": "by default" } } },
})
export function configuration(event: Event): Outcome {
  return done(Json.object()
    .set("all", config.all())
    .set("filled", shown(config.getString("filled")))
    .set("string", shown(config.getString("string")))
    .set("integer", shown(config.getInteger("integer")))
    .set("number", shown(config.getNumber("number")))
    .set("boolean", shown(config.getBoolean("boolean")))
    .set("array", shown(config.getArray("array")))
    .set("object", shown(config.getObject("object")))
    .set("wrong", shown(config.getInteger("string")))
    .set("missing", shown(config.getString("missing"))));
}

@action("test.kv")
export function keep(event: Event): Outcome {
  const bytes = Uint8Array.wrap(new ArrayBuffer(2));
  bytes[0] = 0xff;
  const long = "x".repeat(5000);
  return done(Json.object()
    .set("before", shown(kv.get("count")))
    .set("none", shown(kv.get("none")))
    .set("set", shownFailure(kv.set("count", "2")))
    .set("after", shown(kv.get("count")))
    .set("setBytes", shownFailure(kv.setBytes("bytes", bytes)))
    .set("notText", shown(kv.get("bytes")))
    .set("bytes", encodeBase64(kv.getBytes("bytes").or(new Uint8Array(0))))
    .set("ttl", shownFailure(kv.set("brief", "gone soon", 5)))
    .set("long", shownFailure(kv.set("long", long)))
    .set("longBack", kv.get("long").or("") == long)
    .set("empty", shownFailure(kv.set("empty", "")))
    .set("emptyBack", shown(kv.get("empty")))
    .set("badKey", shownFailure(kv.set("", "x")))
    .set("list", shown(kv.list("b")))
    .set("removed", shown(kv.remove("count")))
    .set("removedAgain", shown(kv.remove("count")))
    .set("all", shown(kv.list())));
}

@action("test.http")
export function web(event: Event): Outcome {
  const request = new Request("POST", "https://api.example.com/items")
    .header("X-Test", "yes").jsonBody(Json.object().set("a", 1)).timeout(500).credential("github-token");
  const response = request.send();
  if (!response.ok) return response.outcome();
  const answer = response.value;
  return done(Json.object()
    .set("status", answer.status).set("ok", answer.ok).set("header", answer.header("x-answer"))
    .set("json", shown(answer.json())).set("text", shown(answer.text()))
    .set("bytes", encodeBase64(answer.bytes().value))
    .set("failure", shownFailure(statusFailure(answer))));
}

@action("test.http.bytes")
export function webBytes(event: Event): Outcome {
  const sent = decodeBase64(event.data.getString("body64").value);
  if (!sent.ok) return sent.outcome();
  const response = new Request("PUT", "https://api.example.com/blob").bytesBody(sent.value).send();
  return response.ok ? done(Json.of(encodeBase64(response.value.bytes().value))) : response.outcome();
}

@action("test.http.elsewhere")
export function elsewhere(event: Event): Outcome {
  return done(shownFailure(http.get("https://elsewhere.example.org/").failure));
}

@action("test.services")
export function services(event: Event): Outcome {
  const random = randomBytes(70000);
  let different = false;
  for (let i = 1; i < random.value.length; i++) different = different || random.value[i] != random.value[0];
  return done(Json.object()
    .set("now", now()).set("nowText", nowText())
    .set("random", random.value.length).set("different", different)
    .set("secret", shown(credential("github-token", "to sign")))
    .set("denied", shown(credential("other")))
    .set("unknown", shownFailure(call("no-such-service", "").failure)));
}

@transformer("test.emit")
export function emits(event: Event): Outcome {
  for (let i = 0; i < event.data.getInteger("count").or(1); i++) {
    new Draft("test.made", Json.object().set("i", i)).subject("s").key("k").id("id-" + i.toString()).time("2026-01-02T03:04:05Z").emit();
  }
  if (event.data.getBoolean("fail").or(false)) return failed("after all");
  if (event.data.getBoolean("retry").or(false)) return retry("not now");
  return done();
}

@transformer("test.emit.bad")
export function emitsBadly(event: Event): Outcome {
  const tried = new Draft("not..valid", Json.nil()).tryEmit();
  emit("test.tried", Json.object().set("code", tried!.code));
  if (event.data.getBoolean("refused").or(false)) emit("elsewhere", Json.nil());
  return done();
}

@transformer("test.nothing")
export function nothing(event: Event): void {
  log.trace("a");
  log.debug("b");
  log.info("");
  log.warn("\ud83d");
  log.error("e");
}

@transformer("test.abort")
export function aborts(event: Event): void {
  assert(event.data.isAbsent, "data is there");
}

@transformer("test.value")
export function valueOfFailure(event: Event): void {
  log.info(event.data.getString("missing").value);
}

@transformer("test.forever")
export function deep(event: Event): void {
  deep(event);
}

@source("test.source", { wake: { every: "5m" }, request: true, description: "Wakes." })
export function source(event: Event): Outcome {
  if (event.isWake) {
    emit("test.woken", event.data);
    return done();
  }
  if (!event.isRequest) return failed("neither");
  return event.data.getString("body").or("") == "" ? failed("send something") : reply(200, "thanks");
}
