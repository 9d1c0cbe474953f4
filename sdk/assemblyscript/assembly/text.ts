/** Builds a text piece by piece; adding with `+` would copy all of it each time. */
export class TextBuilder {
  private buffer: ArrayBuffer;
  private units: i32 = 0;

  constructor(capacity: i32 = 64) {
    this.buffer = new ArrayBuffer(max(capacity, 16) << 1);
  }

  /** In UTF-16 units, as for strings. */
  get length(): i32 {
    return this.units;
  }

  add(text: string): TextBuilder {
    const count = text.length;
    this.reserve(count);
    memory.copy(changetype<usize>(this.buffer) + (<usize>this.units << 1), changetype<usize>(text), <usize>count << 1);
    this.units += count;
    return this;
  }

  /** The part of `text` from `start` to before `end`. */
  addPart(text: string, start: i32, end: i32): TextBuilder {
    const count = end - start;
    this.reserve(count);
    memory.copy(
      changetype<usize>(this.buffer) + (<usize>this.units << 1),
      changetype<usize>(text) + (<usize>start << 1),
      <usize>count << 1,
    );
    this.units += count;
    return this;
  }

  /** One UTF-16 unit. */
  addUnit(unit: i32): TextBuilder {
    this.reserve(1);
    store<u16>(changetype<usize>(this.buffer) + (<usize>this.units << 1), <u16>unit);
    this.units++;
    return this;
  }

  clear(): void {
    this.units = 0;
  }

  toString(): string {
    return String.UTF16.decodeUnsafe(changetype<usize>(this.buffer), <usize>this.units << 1);
  }

  private reserve(count: i32): void {
    const needed = (this.units + count) << 1;
    const capacity = this.buffer.byteLength;
    if (needed <= capacity) return;
    const larger = new ArrayBuffer(max(needed, capacity << 1));
    memory.copy(changetype<usize>(larger), changetype<usize>(this.buffer), <usize>this.units << 1);
    this.buffer = larger;
  }
}
