import { Draft, Event, Failure, Json, Outcome, config, done, failed, log } from "helix-agent/assembly";
import { Columns } from "./columns";
import { CsvReader, Row } from "./csv";

/** One event per row; a row that does not fit becomes an event that says why. */
@transformer("csv.rows", {
  description: "Turns CSV text in an event into one event per row, with typed columns.",
  config: "config.json",
})
export function rows(event: Event): Outcome {
  const member = config.getString("member").or("csv");
  const text = event.data.isString ? event.data.asString() : event.data.getString(member);
  if (!text.ok) return text.outcome();
  const declared = config.get("columns");
  const reader = new CsvReader(text.value, config.getString("separator").or(",").charCodeAt(0));

  const headed = config.getBoolean("header").or(true);
  const header = headed ? reader.next() : null;
  if (headed && !header) return failed("the text has no rows");
  if (header && header.problem.length > 0) return failed("line " + header.line.toString() + ": " + header.problem);
  const columns = header ? Columns.named(header.fields, declared) : Columns.declared(declared);
  const problem = columns.problem(declared);
  if (problem.length > 0) return failed(problem);

  return emitRows(event, reader, columns);
}

function emitRows(event: Event, reader: CsvReader, columns: Columns): Outcome {
  const type = config.getString("emit").or("csv.row");
  const badType = config.getString("emitBad").or("csv.row.bad");
  const key = config.getString("key").or("");
  let good = 0;
  let bad = 0;
  for (let row = reader.next(); row; row = reader.next()) {
    const values = columns.read(row);
    const failure = row.problem.length > 0
      ? draft(event, row, badType, report(row)).emit()
      : keyed(draft(event, row, type, values), values.get(key)).emit();
    if (failure) return refused(failure, row.line, good + bad, reader);
    if (row.problem.length > 0) bad++;
    else good++;
  }
  log.info(good.toString() + " rows, " + bad.toString() + " bad ones");
  return done();
}

/** Says how many events the whole text would need, for whoever sets the bound. */
function refused(failure: Failure, line: i32, emitted: i32, reader: CsvReader): Outcome {
  let rows = emitted + 1;
  while (reader.next()) rows++;
  return failure.during("none of the " + rows.toString() + " rows became an event: line " + line.toString()).outcome();
}

/** The same row of the same event has the same id, so that it counts once when the event is delivered again. */
function draft(event: Event, row: Row, type: string, data: Json): Draft {
  const draft = new Draft(type, data).id(event.id + "-" + row.line.toString());
  return event.subject.length > 0 ? draft.subject(event.subject) : draft;
}

function keyed(draft: Draft, value: Json): Draft {
  if (value.isAbsent || value.isNull) return draft;
  return draft.key(value.isString ? value.asString().value : value.toString());
}

function report(row: Row): Json {
  return Json.object().set("line", row.line).set("reason", row.problem).set("fields", row.fields);
}
