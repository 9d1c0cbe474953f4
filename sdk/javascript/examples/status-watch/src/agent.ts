import { emit, http, kv, log, retry, source, transformer } from "helix-agent-js";
import { toIncident, type Incident, type Page } from "./incidents.js";
import { message } from "./message.js";

interface WatchConfig {
  hosts: string[];
  every: string;
}

interface Seen {
  updatedAt: string;
  status: string;
}

const REMEMBER_SECONDS = 90 * 24 * 3600;

function readPage(host: string): Page | undefined {
  const answer = http.get(`https://${host}/api/v2/incidents.json`, { timeoutMs: 4_000 });
  if (answer.ok) return answer.json<Page>();
  log.warn(`${host} answers ${answer.status}`);
  return undefined;
}

/** Emits what is new, oldest first. */
function report(host: string, { page, incidents }: Page): void {
  const firstVisit = kv.get(`visited/${host}`) === undefined;
  for (const incident of incidents.toReversed()) {
    const key = `seen/${host}/${incident.id}`;
    const seen = kv.getJson<Seen>(key);
    if (seen?.updatedAt === incident.updated_at) continue;
    kv.setJson(key, { updatedAt: incident.updated_at, status: incident.status } satisfies Seen, REMEMBER_SECONDS);
    if (firstVisit && incident.resolved_at !== null) continue; // history is no news
    emit({
      type: "status.incident.changed",
      subject: `${host}/${incident.id}`,
      key: host,
      id: `${incident.id}-${incident.updated_at}`,
      data: toIncident(page.name, incident, seen?.status),
    });
  }
  kv.set(`visited/${host}`, "1");
}

source<WatchConfig>(
  {
    type: "status.watch",
    description: "Emits status.incident.changed when an incident of a Statuspage is new or updated.",
    wake: { every: "5m" },
    config: {
      type: "object",
      additionalProperties: false,
      properties: {
        hosts: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 20, default: ["www.githubstatus.com"] },
        every: { type: "string", default: "5m" },
      },
    },
  },
  (_event, { hosts }) => {
    const pages = hosts.map((host) => [host, readPage(host)] as const);
    pages.forEach(([host, page]) => page && report(host, page));
    if (pages.every(([, page]) => page === undefined)) retry("no status page could be read");
  },
);

transformer<unknown, Incident>(
  { type: "status.message", description: "Writes an incident as a message of a few lines." },
  ({ data, subject }) => ({ type: "status.message", subject, data: { text: message(data), impact: data.impact } }),
);
