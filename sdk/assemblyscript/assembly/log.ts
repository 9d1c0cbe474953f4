import { encode, helix_log_message, pointer } from "./abi";

/** Lines in the log of Helix, bounded in number: the rest of a call's lines is dropped. */
export namespace log {
  export function trace(text: string): void {
    write(0, text);
  }

  export function debug(text: string): void {
    write(1, text);
  }

  export function info(text: string): void {
    write(2, text);
  }

  export function warn(text: string): void {
    write(3, text);
  }

  export function error(text: string): void {
    write(4, text);
  }
}

function write(level: i32, text: string): void {
  const bytes = encode(text);
  helix_log_message(level, pointer(bytes), bytes.byteLength);
}
