import type { Incident } from "./incidents.js";

const SIGNS: Record<string, string> = { none: "·", minor: "▲", major: "▲▲", critical: "▲▲▲" };
const MAX_UPDATE = 280;

/** "1 h 30 min", "2 d 3 h", "under a minute". */
export function duration(from: string, to: string): string {
  const minutes = Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
  if (!(minutes >= 1)) return "under a minute";
  const units = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MAX_UPDATE ? line : `${line.slice(0, MAX_UPDATE - 1).trimEnd()}…`;
}

/** One incident in a few lines for a chat. */
export function message(incident: Incident): string {
  const { page, name, status, was, impact, startedAt, updatedAt, resolvedAt, update, link } = incident;
  const title = resolvedAt
    ? `✓ ${page}: ${name} is resolved after ${duration(startedAt, resolvedAt)}`
    : `${SIGNS[impact] ?? "▲"} ${page}: ${name} (${was && was !== status ? `${was} → ${status}` : status}, for ${duration(startedAt, updatedAt)})`;
  return [title, update && shorten(update), link].filter(Boolean).join("\n");
}
