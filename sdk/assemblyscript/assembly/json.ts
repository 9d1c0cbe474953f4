/** JSON that can be read without fear: malformed text is a failure, what is not there is absent, nothing traps. */

import { Failure, Result } from "./result";
import { parseNumber } from "./number";
import { TextBuilder } from "./text";

const enum Kind {
  Absent,
  Null,
  Boolean,
  Number,
  String,
  Array,
  Object,
}

function kindName(kind: Kind): string {
  switch (kind) {
    case Kind.Null: return "null";
    case Kind.Boolean: return "a boolean";
    case Kind.Number: return "a number";
    case Kind.String: return "a string";
    case Kind.Array: return "an array";
    case Kind.Object: return "an object";
    default: return "missing";
  }
}

const NO_ELEMENTS = new Array<Json>();
const NO_MEMBERS = new Map<string, Json>();

/**
 * A JSON value, or the absence of one. `get` and `at` of what is not there give an absent value, so that a path needs
 * no checks; `asString` and its like say at the end whether it led to what was expected.
 *
 * A number that was read is kept as it was written: passing it on changes nothing.
 */
export class Json {
  /** Text that is nested deeper is not read. */
  static readonly MAX_DEPTH: i32 = 128;

  private constructor(
    private readonly kind: Kind,
    /** Of a string its value, of a number its literal, of true "true". */
    private readonly text: string,
    private readonly elements: Array<Json>,
    private readonly members: Map<string, Json>,
  ) {}

  /** INVALID, with the place, when the text is not JSON or nested deeper than MAX_DEPTH. */
  static parse(text: string): Result<Json> {
    return new Parser(text).document();
  }

  static absent(): Json {
    return new Json(Kind.Absent, "", NO_ELEMENTS, NO_MEMBERS);
  }

  static nil(): Json {
    return new Json(Kind.Null, "", NO_ELEMENTS, NO_MEMBERS);
  }

  static object(): Json {
    return new Json(Kind.Object, "", NO_ELEMENTS, new Map<string, Json>());
  }

  static array(): Json {
    return new Json(Kind.Array, "", new Array<Json>(), NO_MEMBERS);
  }

  /** A string, number, boolean, or array of them; a Json stays what it is. NaN and the infinities become null. */
  static of<T>(value: T): Json {
    if (isBoolean<T>()) {
      return new Json(Kind.Boolean, value ? "true" : "", NO_ELEMENTS, NO_MEMBERS);
    } else if (isInteger<T>()) {
      return Json.literal(value.toString());
    } else if (isFloat<T>()) {
      return Json.ofFloat(<f64>value);
    } else if (isNullable<T>()) {
      return value ? Json.of<NonNullable<T>>(value) : Json.nil();
    } else if (isString<T>()) {
      return new Json(Kind.String, value, NO_ELEMENTS, NO_MEMBERS);
    } else if (isArray<T>()) {
      const array = Json.array();
      for (let i = 0; i < value.length; i++) array.push(value[i]);
      return array;
    } else if (value instanceof Json) {
      return value.kind == Kind.Absent ? Json.nil() : value;
    } else {
      ERROR("Json.of takes strings, numbers, booleans, Json, and arrays of them");
    }
  }

  private static ofFloat(value: f64): Json {
    if (!isFinite(value)) return Json.nil();
    const integral = Math.abs(value) < 9007199254740992.0 && Math.floor(value) == value;
    return Json.literal(integral ? (<i64>value).toString() : value.toString());
  }

  /** @internal A number as it is written. */
  static literal(text: string): Json {
    return new Json(Kind.Number, text, NO_ELEMENTS, NO_MEMBERS);
  }

  get isAbsent(): bool {
    return this.kind == Kind.Absent;
  }

  get isNull(): bool {
    return this.kind == Kind.Null;
  }

  get isBoolean(): bool {
    return this.kind == Kind.Boolean;
  }

  get isNumber(): bool {
    return this.kind == Kind.Number;
  }

  get isString(): bool {
    return this.kind == Kind.String;
  }

  get isArray(): bool {
    return this.kind == Kind.Array;
  }

  get isObject(): bool {
    return this.kind == Kind.Object;
  }

  /** The number of elements or members; 0 for anything else. */
  get length(): i32 {
    return this.isArray ? this.elements.length : this.members.size;
  }

  /** An element of an array; absent when there is none. */
  at(index: i32): Json {
    return index >= 0 && index < this.elements.length ? this.elements[index] : Json.absent();
  }

  /** A member of an object; absent when there is none. */
  get(key: string): Json {
    return this.members.has(key) ? this.members.get(key) : Json.absent();
  }

  has(key: string): bool {
    return this.members.has(key);
  }

  /** The names of the members, in their order. */
  keys(): Array<string> {
    return this.members.keys();
  }

  asString(): Result<string> {
    return this.isString ? Result.of<string>(this.text) : this.unexpected<string>("a string");
  }

  asBoolean(): Result<bool> {
    return this.isBoolean ? Result.of<bool>(this.text.length > 0) : this.unexpected<bool>("a boolean");
  }

  asNumber(): Result<f64> {
    return this.isNumber ? Result.of<f64>(parseNumber(this.text)) : this.unexpected<f64>("a number");
  }

  /** Exact: a number with a fraction, or one that does not fit, is a failure. 3.0 and 3e2 are integers. */
  asInteger(): Result<i64> {
    return this.isNumber ? integerOf(this.text) : this.unexpected<i64>("an integer");
  }

  getString(key: string): Result<string> {
    const member = this.get(key);
    return member.isString ? member.asString() : member.unexpectedMember<string>(key, "a string");
  }

  getBoolean(key: string): Result<bool> {
    const member = this.get(key);
    return member.isBoolean ? member.asBoolean() : member.unexpectedMember<bool>(key, "a boolean");
  }

  getNumber(key: string): Result<f64> {
    const member = this.get(key);
    return member.isNumber ? member.asNumber() : member.unexpectedMember<f64>(key, "a number");
  }

  getInteger(key: string): Result<i64> {
    const member = this.get(key);
    if (!member.isNumber) return member.unexpectedMember<i64>(key, "an integer");
    const value = member.asInteger();
    const failure = value.failure;
    return failure ? Result.failed<i64>(failure.during("'" + key + "'")) : value;
  }

  getArray(key: string): Result<Json> {
    const member = this.get(key);
    return member.isArray ? Result.of<Json>(member) : member.unexpectedMember<Json>(key, "an array");
  }

  getObject(key: string): Result<Json> {
    const member = this.get(key);
    return member.isObject ? Result.of<Json>(member) : member.unexpectedMember<Json>(key, "an object");
  }

  private unexpected<T>(wanted: string): Result<T> {
    return Result.failed<T>(this.mismatch("the value", wanted));
  }

  private unexpectedMember<T>(key: string, wanted: string): Result<T> {
    return Result.failed<T>(this.mismatch("'" + key + "'", wanted));
  }

  private mismatch(what: string, wanted: string): Failure {
    if (this.isAbsent) return new Failure(Failure.NOT_FOUND, what + " is missing");
    return new Failure(Failure.INVALID, what + " is " + kindName(this.kind) + ", not " + wanted);
  }

  /** Of an object: adds or replaces a member, gives the object back. */
  set<T>(key: string, value: T): Json {
    assert(this.isObject, "members can be set of an object only");
    this.members.set(key, Json.of(value));
    return this;
  }

  /** Of an object: takes a member away, gives the object back. */
  remove(key: string): Json {
    this.members.delete(key);
    return this;
  }

  /** Of an array: adds an element, gives the array back. */
  push<T>(value: T): Json {
    assert(this.isArray, "elements can be added to an array only");
    this.elements.push(Json.of(value));
    return this;
  }

  /** As JSON; `null` when absent. */
  toString(): string {
    const out = new TextBuilder();
    this.write(out, 0);
    return out.toString();
  }

  private write(out: TextBuilder, depth: i32): void {
    switch (this.kind) {
      case Kind.Boolean:
        out.add(this.text.length > 0 ? "true" : "false");
        break;
      case Kind.Number:
        out.add(this.text);
        break;
      case Kind.String:
        quote(this.text, out);
        break;
      case Kind.Array:
        this.writeElements(out, depth);
        break;
      case Kind.Object:
        this.writeMembers(out, depth);
        break;
      default:
        out.add("null");
    }
  }

  private writeElements(out: TextBuilder, depth: i32): void {
    assert(depth < Json.MAX_DEPTH, "JSON is nested too deeply");
    out.add("[");
    for (let i = 0; i < this.elements.length; i++) {
      if (i > 0) out.add(",");
      this.elements[i].write(out, depth + 1);
    }
    out.add("]");
  }

  private writeMembers(out: TextBuilder, depth: i32): void {
    assert(depth < Json.MAX_DEPTH, "JSON is nested too deeply");
    out.add("{");
    const keys = this.members.keys();
    for (let i = 0; i < keys.length; i++) {
      if (i > 0) out.add(",");
      quote(keys[i], out);
      out.add(":");
      this.members.get(keys[i]).write(out, depth + 1);
    }
    out.add("}");
  }
}

/** 2^63 as a float: the first one that is too large. */
const TOO_LARGE: f64 = 9223372036854775808.0;

function integerOf(text: string): Result<i64> {
  const negative = text.charCodeAt(0) == 0x2d;
  let value: u64 = 0;
  for (let i = i32(negative); i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return integerOfFloat(text);
    if (value > (u64.MAX_VALUE - digit) / 10) return tooLarge(text);
    value = value * 10 + digit;
  }
  const limit: u64 = negative ? <u64>1 << 63 : <u64>i64.MAX_VALUE;
  if (value > limit) return tooLarge(text);
  return Result.of<i64>(negative ? -<i64>value : <i64>value);
}

function integerOfFloat(text: string): Result<i64> {
  const value = parseNumber(text);
  if (Math.floor(value) != value && isFinite(value)) {
    return Result.failed<i64>(new Failure(Failure.INVALID, text + " is not an integer"));
  }
  if (!(Math.abs(value) < TOO_LARGE)) return tooLarge(text);
  return Result.of<i64>(<i64>value);
}

function tooLarge(text: string): Result<i64> {
  return Result.failed<i64>(new Failure(Failure.INVALID, text + " does not fit into 64 bits"));
}

const HEX = "0123456789abcdef";

function quote(text: string, out: TextBuilder): void {
  out.addUnit(0x22);
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c) continue;
    out.addPart(text, start, i);
    start = i + 1;
    escape(unit, out);
  }
  out.addPart(text, start, text.length);
  out.addUnit(0x22);
}

function escape(unit: i32, out: TextBuilder): void {
  out.addUnit(0x5c);
  switch (unit) {
    case 0x08: out.addUnit(0x62); break;
    case 0x09: out.addUnit(0x74); break;
    case 0x0a: out.addUnit(0x6e); break;
    case 0x0c: out.addUnit(0x66); break;
    case 0x0d: out.addUnit(0x72); break;
    case 0x22:
    case 0x5c: out.addUnit(unit); break;
    default:
      out.add("u00").addUnit(HEX.charCodeAt(unit >> 4)).addUnit(HEX.charCodeAt(unit & 15));
  }
}

class Parser {
  private readonly end: i32;
  private at: i32 = 0;
  private problem: string = "";

  constructor(private readonly text: string) {
    this.end = text.length;
  }

  document(): Result<Json> {
    this.space();
    const value = this.value(0);
    if (value) {
      this.space();
      if (this.at == this.end) return Result.of<Json>(value);
      this.fail("something follows the value");
    }
    return Result.failed<Json>(
      new Failure(Failure.INVALID, "not JSON at character " + this.at.toString() + ": " + this.problem),
    );
  }

  private fail(problem: string): Json | null {
    if (this.problem.length == 0) this.problem = problem;
    return null;
  }

  /** The unit at the place; 0 at the end, which no JSON outside of a string may contain. */
  private peek(): i32 {
    return this.at < this.end ? this.text.charCodeAt(this.at) : 0;
  }

  private space(): void {
    while (true) {
      const unit = this.peek();
      if (unit != 0x20 && unit != 0x0a && unit != 0x0d && unit != 0x09) return;
      this.at++;
    }
  }

  private value(depth: i32): Json | null {
    switch (this.peek()) {
      case 0x7b: return this.object(depth);
      case 0x5b: return this.array(depth);
      case 0x22: {
        const text = this.string();
        return text != null ? Json.of<string>(text) : null;
      }
      case 0x74: return this.word("true") ? Json.of<bool>(true) : null;
      case 0x66: return this.word("false") ? Json.of<bool>(false) : null;
      case 0x6e: return this.word("null") ? Json.nil() : null;
      default: return this.number();
    }
  }

  private word(word: string): bool {
    for (let i = 0; i < word.length; i++) {
      if (this.peek() != word.charCodeAt(i)) {
        this.fail("expected " + word);
        return false;
      }
      this.at++;
    }
    return true;
  }

  private enter(depth: i32): bool {
    if (depth < Json.MAX_DEPTH) {
      this.at++;
      this.space();
      return true;
    }
    this.fail("nested deeper than " + Json.MAX_DEPTH.toString());
    return false;
  }

  private object(depth: i32): Json | null {
    if (!this.enter(depth)) return null;
    const object = Json.object();
    if (this.peek() == 0x7d) {
      this.at++;
      return object;
    }
    while (true) {
      if (this.peek() != 0x22) return this.fail("expected the name of a member");
      const key = this.string();
      if (key == null) return null;
      this.space();
      if (this.peek() != 0x3a) return this.fail("expected ':'");
      this.at++;
      this.space();
      const value = this.value(depth + 1);
      if (!value) return null;
      object.set(key, value);
      if (!this.another(0x7d)) break;
    }
    return this.problem.length > 0 ? null : object;
  }

  private array(depth: i32): Json | null {
    if (!this.enter(depth)) return null;
    const array = Json.array();
    if (this.peek() == 0x5d) {
      this.at++;
      return array;
    }
    while (true) {
      const value = this.value(depth + 1);
      if (!value) return null;
      array.push(value);
      if (!this.another(0x5d)) break;
    }
    return this.problem.length > 0 ? null : array;
  }

  /** Whether a comma follows; false at the closing bracket, and with a problem at anything else. */
  private another(close: i32): bool {
    this.space();
    const unit = this.peek();
    if (unit != 0x2c && unit != close) {
      this.fail("expected ',' or '" + String.fromCharCode(close) + "'");
      return false;
    }
    this.at++;
    if (unit == close) return false;
    this.space();
    return true;
  }

  private digits(): bool {
    const start = this.at;
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.at++;
    if (this.at > start) return true;
    this.fail(this.at == this.end ? "the text ends too early" : "expected a value or a digit");
    return false;
  }

  private number(): Json | null {
    const start = this.at;
    if (this.peek() == 0x2d) this.at++;
    if (this.peek() == 0x30) this.at++;
    else if (!this.digits()) return null;
    if (this.peek() == 0x2e) {
      this.at++;
      if (!this.digits()) return null;
    }
    if ((this.peek() | 0x20) == 0x65) {
      this.at++;
      if (this.peek() == 0x2b || this.peek() == 0x2d) this.at++;
      if (!this.digits()) return null;
    }
    return Json.literal(this.text.substring(start, this.at));
  }

  private string(): string | null {
    const start = ++this.at;
    for (; this.at < this.end; this.at++) {
      const unit = this.text.charCodeAt(this.at);
      if (unit == 0x22) return this.text.substring(start, this.at++);
      if (unit == 0x5c) return this.escapedString(start);
      if (unit < 0x20) break;
    }
    return this.badString();
  }

  private badString(): string | null {
    this.fail(this.at < this.end ? "a control character in a string" : "a string does not end");
    return null;
  }

  private escapedString(start: i32): string | null {
    const out = new TextBuilder(this.at - start + 32);
    let plain = start;
    while (this.at < this.end) {
      const unit = this.text.charCodeAt(this.at);
      if (unit == 0x22) {
        out.addPart(this.text, plain, this.at++);
        return out.toString();
      }
      if (unit < 0x20) break;
      if (unit != 0x5c) {
        this.at++;
        continue;
      }
      out.addPart(this.text, plain, this.at++);
      if (!this.escape(out)) return null;
      plain = this.at;
    }
    return this.badString();
  }

  private escape(out: TextBuilder): bool {
    const unit = this.peek();
    this.at++;
    switch (unit) {
      case 0x22:
      case 0x5c:
      case 0x2f: out.addUnit(unit); return true;
      case 0x62: out.addUnit(0x08); return true;
      case 0x66: out.addUnit(0x0c); return true;
      case 0x6e: out.addUnit(0x0a); return true;
      case 0x72: out.addUnit(0x0d); return true;
      case 0x74: out.addUnit(0x09); return true;
      case 0x75: return this.unicodeEscape(out);
    }
    this.at--;
    this.fail("an unknown escape in a string");
    return false;
  }

  /** Half of a surrogate pair becomes U+FFFD: it is not a character, and could not be passed on. */
  private unicodeEscape(out: TextBuilder): bool {
    const unit = this.hex4(this.at);
    if (unit < 0) {
      this.fail("expected four hex digits");
      return false;
    }
    this.at += 4;
    if (unit < 0xd800 || unit > 0xdfff) {
      out.addUnit(unit);
      return true;
    }
    const follows = this.at + 1 < this.end && this.peek() == 0x5c && this.text.charCodeAt(this.at + 1) == 0x75;
    const low = follows ? this.hex4(this.at + 2) : -1;
    if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
      out.addUnit(unit).addUnit(low);
      this.at += 6;
    } else {
      out.addUnit(0xfffd);
    }
    return true;
  }

  /** -1 when they are not there. */
  private hex4(at: i32): i32 {
    if (at + 4 > this.end) return -1;
    let value = 0;
    for (let i = at; i < at + 4; i++) {
      const unit = this.text.charCodeAt(i);
      const letter = (unit | 0x20) - 0x61;
      if (unit >= 0x30 && unit <= 0x39) value = value << 4 | (unit - 0x30);
      else if (letter >= 0 && letter < 6) value = value << 4 | (letter + 10);
      else return -1;
    }
    return value;
  }
}
