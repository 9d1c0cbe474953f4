/** Gives the fields of a row their types. */

import { Json } from "helix-agent/assembly";
import { Row } from "./csv";

class Column {
  constructor(
    readonly name: string,
    readonly type: string,
    readonly required: bool,
  ) {}

  /** Null when the field does not fit. */
  value(field: string): Json | null {
    if (this.type == "string") return Json.of(field);
    const text = field.trim();
    if (text.length == 0) return Json.nil();
    return this.type == "boolean" ? booleanOf(text.toLowerCase()) : numberOf(text, this.type == "integer");
  }
}

function booleanOf(text: string): Json | null {
  if (text == "true" || text == "yes" || text == "1") return Json.of(true);
  if (text == "false" || text == "no" || text == "0") return Json.of(false);
  return null;
}

function numberOf(text: string, integer: bool): Json | null {
  const number = Json.parse(text).or(Json.absent());
  if (!number.isNumber || (integer && !number.asInteger().ok)) return null;
  return number;
}

export class Columns {
  private readonly columns: Array<Column> = new Array<Column>();

  /** The columns of `names`, with what `declared`, the configuration, says of them. */
  static named(names: Array<string>, declared: Json): Columns {
    const columns = new Columns();
    for (let i = 0; i < names.length; i++) columns.add(names[i].trim(), declared);
    return columns;
  }

  static declared(declared: Json): Columns {
    const columns = new Columns();
    for (let i = 0; i < declared.length; i++) columns.add(declared.at(i).getString("name").or(""), declared);
    return columns;
  }

  private add(name: string, declared: Json): void {
    for (let i = 0; i < declared.length; i++) {
      const each = declared.at(i);
      if (each.getString("name").or("") != name) continue;
      this.columns.push(new Column(name, each.getString("type").or("string"), each.getBoolean("required").or(false)));
      return;
    }
    this.columns.push(new Column(name, "string", false));
  }

  /** What makes the columns unusable; "" when nothing does. */
  problem(declared: Json): string {
    if (this.columns.length == 0) return "no columns are named: give the text a header, or configure columns";
    const seen = new Set<string>();
    for (let i = 0; i < this.columns.length; i++) {
      const name = this.columns[i].name;
      if (name.length == 0) return "column " + (i + 1).toString() + " has no name";
      if (seen.has(name)) return "two columns are named '" + name + "'";
      seen.add(name);
    }
    for (let i = 0; i < declared.length; i++) {
      const name = declared.at(i).getString("name").or("");
      const required = declared.at(i).getBoolean("required").or(false);
      if (required && !seen.has(name)) return "there is no column '" + name + "'";
    }
    return "";
  }

  /** An object of the row's values. What does not fit becomes the problem of the row. */
  read(row: Row): Json {
    const values = Json.object();
    if (row.problem.length > 0) return values;
    if (row.fields.length != this.columns.length) {
      row.problem = "has " + row.fields.length.toString() + " fields, not " + this.columns.length.toString();
      return values;
    }
    for (let i = 0; i < this.columns.length; i++) {
      const column = this.columns[i];
      const value = column.value(row.fields[i]);
      if (!value) {
        row.problem = "'" + column.name + "' is not of type " + column.type + ": " + row.fields[i];
        return values;
      }
      if (column.required && row.fields[i].trim().length == 0) {
        row.problem = "'" + column.name + "' is empty";
        return values;
      }
      values.set(column.name, value);
    }
    return values;
  }
}
