// The first page: watches one profile with an API key. Everything shown is set as text, never as markup.

const KEY = "helix.key";
const PROFILE = "helix.profile";
const MOST = 50;

const $ = (id) => document.getElementById(id);

let key = sessionStorage.getItem(KEY) ?? "";
let profile = sessionStorage.getItem(PROFILE) ?? "";
let watching = new AbortController();
let refresh = 0;

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(`api/v1${path}`, {
    ...options,
    headers: { Authorization: `Bearer ${key}`, ...options.headers },
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem.detail ?? `the server answered ${answer.status}`);
  }
  return answer;
}

const read = async (path) => (await ask(path)).json();
const inProfile = (path) => `/profiles/${encodeURIComponent(profile)}${path}`;

// --- small pieces

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const tone = (word) =>
  ({ succeeded: "good", permitted: "good", ready: "good", live: "good", running: "warn", starting: "warn", degraded: "warn", late: "warn" })[
    word
  ] ?? (["failed", "forbidden", "down", "away"].includes(word) ? "bad" : "");

const chip = (word) => element("span", `chip ${tone(word)}`, word);

const clock = (iso) => {
  const time = element("time", "", new Date(iso).toLocaleTimeString());
  time.dateTime = iso;
  time.title = new Date(iso).toLocaleString();
  return time;
};

function row(title, detail, right, time, open) {
  const item = element("li");
  const button = element("button", "row");
  button.type = "button";
  button.append(element("strong", "", title), right, element("small", "", detail), time ? clock(time) : "");
  button.addEventListener("click", open);
  item.append(button);
  return item;
}

function fill(list, rows) {
  $(list).replaceChildren(...rows);
  $(`${list}-empty`).hidden = rows.length > 0;
}

function prepend(list, item) {
  item.classList.add("fresh");
  $(list).prepend(item);
  while ($(list).children.length > MOST) $(list).lastElementChild.remove();
  $(`${list}-empty`).hidden = true;
}

function show(title, ...body) {
  $("details-title").textContent = title;
  $("details-body").replaceChildren(...body);
  if (!$("details").open) $("details").showModal();
}

const json = (value) => element("pre", "", JSON.stringify(value, null, 2));

// --- what is listed

function runChips(run) {
  const chips = element("span", "chips");
  chips.append(...(run.late ? [chip("late")] : []), chip(String(run.state ?? "running").toLowerCase()));
  return chips;
}

function runRow(run) {
  const why = run.rule ? `rule ${run.rule}` : "by hand";
  return row(run.recipe ?? run.id, `${why} · ${run.id}`, runChips(run), run.started, () => openRun(run.id));
}

function eventRow(event) {
  return row(event.type, event.subject ?? event.source ?? "", element("span"), event.time, () => openEvent(event));
}

function decisionRow(decision) {
  const word = decision.permitted ? "permitted" : "forbidden";
  return row(`${decision.action}`, `${decision.principal} → ${decision.resource}`, chip(word), decision.time, () =>
    show(decision.action, json(decision)),
  );
}

async function openRun(id) {
  await attempt(async () => {
    const run = await read(inProfile(`/runs/${encodeURIComponent(id)}`));
    const head = element("p");
    head.append(runChips(run), ` ${run.recipe} · revision ${run.recipeRevision} · event ${run.eventId}`);
    const error = run.error ? [element("p", "error", run.error)] : [];
    show(`Run ${run.id}`, head, ...error, ...run.steps.map(step));
  });
}

function step(record) {
  const state = record.state.toLowerCase();
  const box = element("div", `step ${tone(state)}`);
  const title = element("h3", "", `${record.step} `);
  title.append(chip(state));
  const took = new Date(record.ended) - new Date(record.started);
  box.append(title, element("small", "", `${record.agent} · ${took} ms · attempt ${record.attempts}`));
  if (record.error) box.append(element("p", "error", record.error));
  if (record.output !== undefined) box.append(json(record.output));
  return box;
}

async function openEvent(entry) {
  await attempt(async () => {
    const which = new URLSearchParams({ id: entry.id, ...(entry.source && { source: entry.source }) });
    const event = await read(inProfile(`/events/-?${which}`));
    show(event.type, json(event));
  });
}

async function attempt(work) {
  try {
    await work();
  } catch (failure) {
    if (failure.status === 401) return leave("The key is not valid any more.");
    show("That did not work", element("p", "error", failure.message));
  }
}

async function load(name, path, make) {
  try {
    const page = await read(inProfile(path));
    fill(name, page.items.map(make));
  } catch (failure) {
    if (failure.status === 401) throw failure;
    fill(name, []);
    $(`${name}-empty`).textContent = failure.message;
  }
}

const loadRuns = () => load("runs", "/runs?limit=25", runRow);

// --- the stream

async function watch() {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  for (let pause = 1000; !signal.aborted; pause = Math.min(pause * 2, 15000)) {
    try {
      const answer = await ask(inProfile("/live"), { signal });
      streamState("live");
      pause = 1000;
      await frames(answer.body, arrived);
    } catch (failure) {
      if (signal.aborted) return;
      if (failure.status === 401) return leave("The key is not valid any more.");
      if (failure.status === 403 || failure.status === 404) return streamState("away");
    }
    streamState("away");
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function frames(body, handle) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n");
      const kind = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      if (kind && data.length) handle(kind, JSON.parse(data.join("\n")));
    }
  }
}

function arrived(kind, item) {
  switch (kind) {
    case "event":
      prepend("events", eventRow({ time: item.time, ...item.data }));
      break;
    case "decision":
      prepend("decisions", decisionRow({ time: item.time, ...item.data }));
      break;
    case "run":
      // A run changes its state: the list is read again, once for many changes.
      clearTimeout(refresh);
      refresh = setTimeout(() => attempt(loadRuns), 250);
      break;
    default:
  }
}

function streamState(word) {
  $("stream").hidden = false;
  $("stream").textContent = word;
  $("stream").className = `chip ${tone(word)}`;
}

// --- coming and going

async function health() {
  let word = "away";
  let detail = "the server does not answer";
  try {
    const body = await (await fetch("readyz")).json();
    word = body.status;
    detail = body.parts.map((part) => `${part.part}: ${part.state.toLowerCase()} ${part.detail}`).join("\n");
  } catch {
    // the words above say it
  }
  $("health").textContent = word;
  $("health").className = `chip ${tone(word)}`;
  $("health").title = detail;
}

async function enter() {
  const page = await read("/profiles?limit=500");
  const names = page.items.map((item) => item.name);
  if (!names.includes(profile)) profile = names.includes("default") ? "default" : (names[0] ?? "default");
  sessionStorage.setItem(KEY, key);
  $("profile").replaceChildren(...names.map((name) => new Option(name, name, false, name === profile)));
  for (const id of ["board", "profile-field", "leave"]) $(id).hidden = false;
  $("sign-in").hidden = true;
  await open();
}

async function open() {
  sessionStorage.setItem(PROFILE, profile);
  await Promise.all([
    loadRuns(),
    load("events", "/events?limit=25", eventRow),
    load("decisions", "/decisions?limit=25", decisionRow),
  ]);
  watch();
}

function leave(reason = "") {
  watching.abort();
  sessionStorage.removeItem(KEY);
  key = "";
  for (const id of ["board", "profile-field", "leave", "stream"]) $(id).hidden = true;
  $("sign-in").hidden = false;
  $("key-error").textContent = reason;
  $("key").focus();
}

$("key-form").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  key = $("key").value.trim();
  $("key").value = "";
  $("key-error").textContent = "";
  try {
    await enter();
  } catch (failure) {
    leave(failure.message);
  }
});

$("leave").addEventListener("click", () => leave());
$("profile").addEventListener("change", () => {
  profile = $("profile").value;
  attempt(open);
});

health();
setInterval(health, 10000);
if (key) enter().catch((failure) => leave(failure.status === 401 ? "" : failure.message));
else leave();
