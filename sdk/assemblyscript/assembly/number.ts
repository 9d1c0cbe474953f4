/** Reads decimal numbers so that the nearest double results; `parseFloat` misses it by one place for some. */

const MAX_DIGITS: i32 = 800;
const FAST_EXPONENT: i32 = 22;
const EXACT: u64 = 1 << 53;
const LIMBS: i32 = 160;

/** Whole numbers of up to 5,120 bits, more than any comparison here needs. */
class Natural {
  private readonly limbs: StaticArray<u32> = new StaticArray<u32>(LIMBS);
  private length: i32 = 0;

  static of(value: u64): Natural {
    const number = new Natural();
    number.limbs[0] = <u32>value;
    number.limbs[1] = <u32>(value >> 32);
    number.length = value >> 32 != 0 ? 2 : value != 0 ? 1 : 0;
    return number;
  }

  multiplyAndAdd(factor: u32, summand: u32): void {
    let carry: u64 = summand;
    for (let i = 0; i < this.length; i++) {
      carry += <u64>this.limbs[i] * factor;
      this.limbs[i] = <u32>carry;
      carry >>= 32;
    }
    if (carry != 0) this.limbs[this.length++] = <u32>carry;
  }

  multiplyByPowerOf10(exponent: i32): void {
    for (; exponent >= 9; exponent -= 9) this.multiplyAndAdd(1_000_000_000, 0);
    for (; exponent > 0; exponent--) this.multiplyAndAdd(10, 0);
  }

  multiplyByPowerOf2(exponent: i32): void {
    for (; exponent >= 31; exponent -= 31) this.multiplyAndAdd(<u32>1 << 31, 0);
    if (exponent > 0) this.multiplyAndAdd(<u32>1 << exponent, 0);
  }

  /** Negative, 0 or positive, as this is less, equal or more. */
  compare(other: Natural): i32 {
    if (this.length != other.length) return this.length - other.length;
    for (let i = this.length - 1; i >= 0; i--) {
      if (this.limbs[i] != other.limbs[i]) return this.limbs[i] < other.limbs[i] ? -1 : 1;
    }
    return 0;
  }
}

/** The digits of a number without leading zeros, and the power of ten of the last one. */
class Decimal {
  readonly digits: StaticArray<u8> = new StaticArray<u8>(MAX_DIGITS + 1);
  count: i32 = 0;
  exponent: i32 = 0;
  private more: bool = false;

  /** @param text as JSON writes a number, without a sign */
  constructor(text: string, start: i32) {
    let fraction = false;
    let i = start;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit == 0x2e) {
        fraction = true;
      } else if ((unit | 0x20) == 0x65) {
        this.exponent += exponentOf(text, i + 1);
        break;
      } else {
        this.add(<u8>(unit - 0x30), fraction);
      }
    }
    // Digits that were left out decide only on which side of a tie the number is.
    if (this.more) this.digits[this.count - 1] |= 1;
  }

  private add(digit: u8, fraction: bool): void {
    const kept = this.count < MAX_DIGITS;
    if (kept && (this.count > 0 || digit != 0)) this.digits[this.count++] = digit;
    if (!kept && digit != 0) this.more = true;
    if (fraction && kept) this.exponent--;
    if (!fraction && !kept) this.exponent++;
  }

  /** Only of up to 19 digits. */
  get significand(): u64 {
    let value: u64 = 0;
    for (let i = 0; i < this.count; i++) value = value * 10 + this.digits[i];
    return value;
  }

  /** Compares with `significand` times 2 to the power of `power`. */
  compare(significand: u64, power: i32): i32 {
    const left = new Natural();
    for (let i = 0; i < this.count; i++) left.multiplyAndAdd(10, this.digits[i]);
    const right = Natural.of(significand);
    left.multiplyByPowerOf10(this.exponent);
    right.multiplyByPowerOf10(-this.exponent);
    left.multiplyByPowerOf2(-power);
    right.multiplyByPowerOf2(power);
    return left.compare(right);
  }
}

function exponentOf(text: string, at: i32): i32 {
  const negative = text.charCodeAt(at) == 0x2d;
  if (negative || text.charCodeAt(at) == 0x2b) at++;
  let value = 0;
  for (; at < text.length; at++) value = min(value * 10 + text.charCodeAt(at) - 0x30, 100_000_000);
  return negative ? -value : value;
}

/** @param text as JSON writes a number */
export function parseNumber(text: string): f64 {
  const negative = text.charCodeAt(0) == 0x2d;
  const value = magnitude(new Decimal(text, i32(negative)));
  return negative ? -value : value;
}

function magnitude(decimal: Decimal): f64 {
  const size = decimal.count + decimal.exponent;
  if (decimal.count == 0 || size < -330) return 0;
  if (size > 310) return Infinity;
  if (decimal.count <= 19) {
    const significand = decimal.significand;
    // Both are exact, and so is one operation on them.
    if (significand <= EXACT && abs(decimal.exponent) <= FAST_EXPONENT) {
      const power = powerOf10(abs(decimal.exponent));
      return decimal.exponent < 0 ? <f64>significand / power : <f64>significand * power;
    }
  }
  return nearest(decimal, reinterpret<u64>(estimate(decimal)));
}

function powerOf10(exponent: i32): f64 {
  let power: f64 = 1;
  for (; exponent > 0; exponent--) power *= 10;
  return power;
}

/** Some places off at most. */
function estimate(decimal: Decimal): f64 {
  let value: f64 = 0;
  const digits = min(decimal.count, 19);
  for (let i = 0; i < digits; i++) value = value * 10 + decimal.digits[i];
  let exponent = decimal.exponent + decimal.count - digits;
  for (; exponent >= FAST_EXPONENT; exponent -= FAST_EXPONENT) value *= 1e22;
  for (; exponent <= -FAST_EXPONENT; exponent += FAST_EXPONENT) value /= 1e22;
  value = exponent < 0 ? value / powerOf10(-exponent) : value * powerOf10(exponent);
  return min(value, f64.MAX_VALUE);
}

/** Doubles in their order have their bits in the same order: walks to the one whose surroundings hold the number. */
function nearest(decimal: Decimal, bits: u64): f64 {
  while (isAbove(decimal, bits)) bits++;
  while (bits > 0 && !isAbove(decimal, bits - 1)) bits--;
  return reinterpret<f64>(bits);
}

/** Whether the number is nearer to the next double than to this one; in the middle, the even one is taken. */
function isAbove(decimal: Decimal, bits: u64): bool {
  const exponent = <i32>(bits >> 52);
  if (exponent == 0x7ff) return false;
  const fraction = bits & (((<u64>1) << 52) - 1);
  const significand = exponent == 0 ? fraction : fraction | (<u64>1) << 52;
  const power = max(exponent, 1) - 1075;
  const order = decimal.compare(2 * significand + 1, power - 1);
  return order > 0 || (order == 0 && (bits & 1) == 1);
}
