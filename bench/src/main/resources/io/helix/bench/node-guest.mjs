// Runs guest.wasm beside it. Orders, a line each: "time EXPORT MILLIS" answers the nanoseconds of one call in the best
// batch, "result EXPORT" what a call gives, in base64.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const file = (name) => readFileSync(new URL(name, import.meta.url));
const event = new Uint8Array(file('event.json'));
const config = new Uint8Array(file('config.json'));
const decoder = new TextDecoder();
let output = new Uint8Array();
let emitted = null;

const memory = () => new Uint8Array(instance.exports.memory.buffer);
const give = (bytes, pointer) => {
  memory().set(bytes, pointer);
  return bytes.length;
};
const take = (pointer, length) => memory().slice(pointer, pointer + length);

const { instance } = await WebAssembly.instantiate(file('guest.wasm'), {
  helix: {
    helix_input_read: (out, capacity) => give(event, out),
    helix_get_config_value: (key, length, out, capacity) => give(config, out),
    helix_emit_event: (pointer, length) => {
      emitted = JSON.parse(decoder.decode(take(pointer, length)));
      return 0;
    },
    helix_output_write: (pointer, length) => {
      output = take(pointer, length);
      return 0;
    },
  },
});

const BATCH_NANOS = 1e6;

function best(handler, millis) {
  let now = process.hrtime.bigint();
  const end = now + BigInt(millis) * 1000000n;
  let least = Infinity;
  let size = 1;
  while (now < end) {
    const before = now;
    for (let i = 0; i < size; i++) handler(event.length);
    now = process.hrtime.bigint();
    least = Math.min(least, Number(now - before) / size);
    size = Math.max(1, Math.floor(BATCH_NANOS / least));
  }
  return least;
}

function result(handler) {
  output = new Uint8Array();
  emitted = null;
  handler(event.length);
  return Buffer.from(emitted === null ? output : JSON.stringify(emitted.data)).toString('base64');
}

for await (const line of createInterface({ input: process.stdin })) {
  const [order, name, millis] = line.split(' ');
  const handler = instance.exports[name];
  console.log(order === 'time' ? best(handler, Number(millis)) : result(handler));
}
