/** Any value that JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An event as an agent gets it, in the form of CloudEvents. */
export interface HelixEvent<Data = any> {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly data: Data;
  readonly [extension: string]: unknown;
}

/** An event to publish. Helix adds what is left out. */
export interface EventDraft<Data = unknown> {
  type: string;
  data?: Data;
  subject?: string;
  key?: string;
  id?: string;
  time?: string;
}

/** What a source is woken with. */
export type Wake = HelixEvent<{ reason: "start" | "schedule" }> & { readonly type: "helix.wake" };

/** A request to `/hooks/PROFILE/AGENT`. */
export type HookRequest = HelixEvent<{
  method: string;
  query: Record<string, string[]>;
  headers: Record<string, string[]>;
  body?: string;
  body64?: string;
  remoteAddress: string;
}> & { readonly type: "helix.request" };

/** The answer to a request; 202 when a source gives none. */
export interface Reply {
  status?: number;
  detail?: string;
}

/** What the manifest says about a handler. */
export interface HandlerOptions {
  /** The agent type, e.g. `acme.order-check`. */
  type: string;
  description?: string;
  /** JSON Schema of the configuration, with `"type": "object"`. */
  config?: { type: "object"; [keyword: string]: unknown };
}

export interface SourceOptions extends HandlerOptions {
  /** How often it is woken: `5s` to `7d`. */
  wake?: { every: string };
  /** Whether it takes requests. */
  request?: boolean;
}

type Awaitable<T> = T | Promise<T>;

/** Registers a transformer: an event in, any number of events out. Those that it returns are emitted. */
export function transformer<Config = any, Data = any>(
  options: HandlerOptions | string,
  handle: (event: HelixEvent<Data>, config: Config) => Awaitable<EventDraft | EventDraft[] | null | undefined | void>,
): void;

/** Registers a source: it is woken, or takes requests, and emits events. What it returns is the reply to a request. */
export function source<Config = any>(
  options: SourceOptions | string,
  handle: (event: Wake | HookRequest, config: Config) => Awaitable<Reply | undefined | void>,
): void;

/** Registers an action: what it returns is its output. */
export function action<Config = any, Data = any>(
  options: HandlerOptions | string,
  handle: (event: HelixEvent<Data>, config: Config) => Awaitable<unknown>,
): void;

/** Runs once in each instance before its first call. What it throws refuses the start of the agent. */
export function onStart<Config = any>(run: (config: Config) => Awaitable<void>): void;

/** Emits an event. Events are published only when the handler ends well. */
export function emit(draft: EventDraft): void;
export function emit(type: string, data: unknown): void;

/** What is to last from one call to the next. */
export interface KeyValues {
  get(key: string): string | undefined;
  getBytes(key: string): Uint8Array | undefined;
  getJson<T = any>(key: string): T | undefined;
  set(key: string, value: string | Uint8Array, ttlSeconds?: number): void;
  setJson(key: string, value: unknown, ttlSeconds?: number): void;
  /** Whether there was one. */
  remove(key: string): boolean;
  /** The keys that begin so, in order; at most 1,000. */
  list(prefix?: string): string[];
}
export const kv: KeyValues;

export interface Log {
  trace(...parts: unknown[]): void;
  debug(...parts: unknown[]): void;
  info(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
  error(...parts: unknown[]): void;
}
export const log: Log;

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Sent as JSON, in the place of `body`. */
  json?: unknown;
  timeoutMs?: number;
  /** Helix adds the secret to the request; the agent never sees it. */
  credential?: { name: string; header?: string; prefix?: string };
}

export interface HttpResponse {
  readonly status: number;
  /** Whether the status is 200 to 299. */
  readonly ok: boolean;
  readonly headers: Record<string, string | string[]>;
  /** A header, whatever the case of its name. */
  header(name: string): string | undefined;
  text(): string;
  bytes(): Uint8Array;
  json<T = any>(): T;
}

/** Requests to the hosts that the manifest asks for. They are synchronous. Redirects are not followed. */
export interface Http {
  request(request: string | (RequestOptions & { url: string })): HttpResponse;
  get(url: string, options?: RequestOptions): HttpResponse;
  post(url: string, json: unknown, options?: RequestOptions): HttpResponse;
}
export const http: Http;

/** A secret, for what the header of a request cannot do. */
export function credential(name: string, purpose?: string): string;

/** Ends the call: it failed, and may succeed later. */
export function retry(message: string): never;

/** Ends the call: it failed, and would fail again. The same as throwing an Error, without the place. */
export function fail(message: string): never;

/** A call of Helix that did not succeed. When nobody catches one that is UNAVAILABLE, the call is tried again later. */
export class HelixError extends Error {
  readonly code: "NOT_FOUND" | "DENIED" | "INVALID" | "LIMIT" | "UNAVAILABLE" | "INTERNAL" | "UNSUPPORTED" | string;
  readonly retry: boolean;
}

export interface Helix {
  transformer: typeof transformer;
  source: typeof source;
  action: typeof action;
  onStart: typeof onStart;
  emit: typeof emit;
  kv: KeyValues;
  log: Log;
  http: Http;
  credential: typeof credential;
  retry: typeof retry;
  fail: typeof fail;
  HelixError: typeof HelixError;
  /** The configuration of the agent; a handler also gets it as its second argument. */
  readonly config: any;
  /** Milliseconds since 1970. */
  now(): number;
  randomBytes(length: number): Uint8Array;
  /** A service of Helix that has no function of its own. */
  call(service: string, input?: unknown): string;
  toBase64(bytes: Uint8Array): string;
  fromBase64(text: string): Uint8Array;
}

/** All of it in one object, which is also the global `helix`. */
export const helix: Helix;

declare global {
  const helix: import("helix-agent-js").Helix;
}
