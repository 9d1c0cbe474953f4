// What an agent imports. The object itself is made by prelude.js, inside of the engine.
const helix = globalThis.helix;
if (!helix) throw new Error("helix-agent-js works inside of an agent that helix-js has built, and nowhere else");

export { helix };
export const { transformer, source, action, onStart, emit, kv, log, http, credential, retry, fail, HelixError } = helix;
