/** Reads CSV as RFC 4180 describes it, row by row; also takes bare line feeds, a byte order mark and other separators. */

import { TextBuilder } from "helix-agent/assembly";

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export class Row {
  /** What is wrong with it; "" when nothing is. */
  problem: string = "";
  readonly fields: Array<string> = new Array<string>();

  /** @param line where it begins, from 1 */
  constructor(readonly line: i32) {}

  /** Whether there is nothing on the line. */
  get isBlank(): bool {
    return this.fields.length == 1 && this.fields[0].length == 0;
  }
}

export class CsvReader {
  private at: i32 = 0;
  private line: i32 = 1;
  private readonly field: TextBuilder = new TextBuilder();

  constructor(
    private readonly text: string,
    private readonly separator: i32,
  ) {
    if (text.length > 0 && text.charCodeAt(0) == 0xfeff) this.at = 1;
  }

  /** The next row that is not blank; null at the end. */
  next(): Row | null {
    while (this.at < this.text.length) {
      const row = this.row();
      if (!row.isBlank || row.problem.length > 0) return row;
    }
    return null;
  }

  private row(): Row {
    const row = new Row(this.line);
    do {
      row.fields.push(this.unit() == QUOTE ? this.quoted(row) : this.plain());
    } while (this.skip(this.separator));
    this.endLine();
    return row;
  }

  /** -1 at the end of the text. */
  private unit(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private skip(unit: i32): bool {
    if (this.unit() != unit) return false;
    this.at++;
    return true;
  }

  private endLine(): void {
    const broken = this.skip(CR);
    if (this.skip(LF) || broken) this.line++;
  }

  private endsField(unit: i32): bool {
    return unit == this.separator || unit == LF || unit == CR || unit < 0;
  }

  private plain(): string {
    const start = this.at;
    while (!this.endsField(this.unit())) this.at++;
    return this.text.substring(start, this.at);
  }

  private quoted(row: Row): string {
    const begins = this.line;
    this.field.clear();
    this.at++;
    while (true) {
      const unit = this.unit();
      if (unit < 0) {
        row.problem = "the quotes opened in line " + begins.toString() + " are not closed";
        return this.field.toString();
      }
      this.at++;
      if (unit == QUOTE && !this.skip(QUOTE)) break;
      if (unit == LF || (unit == CR && this.unit() != LF)) this.line++;
      this.field.addUnit(unit);
    }
    if (!this.endsField(this.unit())) {
      row.problem = "text follows closing quotes";
      this.field.add(this.plain());
    }
    return this.field.toString();
  }
}
