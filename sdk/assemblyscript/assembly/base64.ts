import { Failure, Result } from "./result";
import { TextBuilder } from "./text";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new TextBuilder((bytes.length + 2) / 3 * 4);
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    let group: u32 = <u32>bytes[i] << 16;
    if (left > 1) group |= <u32>bytes[i + 1] << 8;
    if (left > 2) group |= <u32>bytes[i + 2];
    out.addUnit(ALPHABET.charCodeAt(group >> 18)).addUnit(ALPHABET.charCodeAt(group >> 12 & 63));
    out.addUnit(left > 1 ? ALPHABET.charCodeAt(group >> 6 & 63) : 0x3d);
    out.addUnit(left > 2 ? ALPHABET.charCodeAt(group & 63) : 0x3d);
  }
  return out.toString();
}

function digit(unit: i32): i32 {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
  return unit == 0x2b ? 62 : unit == 0x2f ? 63 : -1;
}

export function decodeBase64(text: string): Result<Uint8Array> {
  let length = text.length;
  if (length % 4 != 0) return malformed();
  if (length > 0 && text.charCodeAt(length - 1) == 0x3d) length--;
  if (length > 0 && length % 4 == 3 && text.charCodeAt(length - 1) == 0x3d) length--;
  const bytes = new Uint8Array(<i32>(<i64>length * 3 / 4));
  let group: u32 = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = digit(text.charCodeAt(i));
    if (value < 0) return malformed();
    group = group << 6 | <u32>value;
    // A full byte is there after the second, third and fourth digit of a group of four.
    if (i % 4 != 0) bytes[at++] = <u8>(group >> (6 - (i % 4) * 2));
  }
  return Result.of<Uint8Array>(bytes);
}

function malformed(): Result<Uint8Array> {
  return Result.failed<Uint8Array>(new Failure(Failure.INVALID, "not base64"));
}
