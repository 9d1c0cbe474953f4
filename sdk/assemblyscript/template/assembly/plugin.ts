import { Event, Json, Outcome, config, done, emit, kv } from "helix-agent/assembly";

@transformer("demo.greet", {
  description: "Greets whoever an event names, and counts how often.",
  config: {
    type: "object",
    properties: {
      greeting: { type: "string", description: "What to say before the name", "default": "Hello" },
    },
  },
})
export function greet(event: Event): Outcome {
  const name = event.data.getString("name");
  if (!name.ok) return name.outcome();

  const times = parseInt(kv.get(name.value).or("0")) + 1;
  const failure = kv.set(name.value, (<i32>times).toString());
  if (failure) return failure.outcome();

  const text = config.getString("greeting").or("Hello") + ", " + name.value + "!";
  emit("demo.greeted", Json.object().set("text", text).set("times", <i32>times));
  return done();
}
