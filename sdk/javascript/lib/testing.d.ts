import type { EventDraft } from "./index.js";

export interface TestOptions {
  /** The agent type; may be left out when the plugin has one. */
  type?: string;
  config?: object;
  /** Answers requests; headers that a credential adds are among `headers`. */
  http?: (request: { method: string; url: string; headers: Record<string, string>; body?: string; body64?: string }) => {
    status: number;
    headers?: Record<string, string>;
    body?: string;
    body64?: string;
  };
  credentials?: Record<string, string>;
  kv?: Record<string, string | Uint8Array>;
  /** Milliseconds since 1970. */
  time?: number;
  /** Bound of its memory in pages of 64 KiB; what the manifest asks for when it is left out. */
  memoryPages?: number;
}

export interface TestResult {
  /** 0 done, 1 failed, 2 failed and may work later. */
  code: number;
  reason: string | undefined;
  events: EventDraft<any>[];
  output: any;
  logs: { level: string; message: string }[];
}

/** One agent type of a built plugin with one configuration, and fakes in the place of Helix. */
export class TestAgent {
  constructor(wasm: Uint8Array, options?: TestOptions);
  readonly kv: Map<string, Uint8Array>;
  time: number;
  readonly memorySize: number | undefined;
  handle(event: object): TestResult;
  wake(reason?: "start" | "schedule"): TestResult;
  request(request?: { method?: string; query?: Record<string, string[]>; headers?: Record<string, string[]>; body?: string }): TestResult;
}

/** What a fake throws so that the agent is refused. */
export function refuse(code: "NOT_FOUND" | "DENIED" | "INVALID" | "LIMIT" | "UNAVAILABLE" | "INTERNAL" | "UNSUPPORTED", message: string): never;

export function readManifest(wasm: Uint8Array): any;
