// What the engine has beyond the language itself, for those who compile without the library "DOM" and the types of Node.

declare var console: Record<"log" | "trace" | "debug" | "info" | "warn" | "error", (...parts: unknown[]) => void>;

declare function btoa(text: string): string;
declare function atob(text: string): string;
declare function queueMicrotask(run: () => void): void;

declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string);
  readonly encoding: string;
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}

declare var crypto: {
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): string;
};
