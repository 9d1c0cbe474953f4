/** What a Statuspage gives at /api/v2/incidents.json, as far as it is read here. */
export interface Page {
  page: { name: string };
  incidents: PageIncident[];
}

export interface PageIncident {
  id: string;
  name: string;
  status: string;
  impact: string;
  created_at: string;
  started_at?: string;
  updated_at: string;
  resolved_at: string | null;
  shortlink?: string;
  incident_updates?: { body: string }[];
}

/** The data of `status.incident.changed`. */
export interface Incident {
  page: string;
  id: string;
  name: string;
  status: string;
  /** The status that was known before; absent for a new incident. */
  was?: string;
  impact: string;
  startedAt: string;
  updatedAt: string;
  resolvedAt?: string;
  update?: string;
  link?: string;
}

export function toIncident(page: string, incident: PageIncident, was?: string): Incident {
  return {
    page,
    id: incident.id,
    name: incident.name,
    status: incident.status,
    was,
    impact: incident.impact,
    startedAt: incident.started_at ?? incident.created_at,
    updatedAt: incident.updated_at,
    resolvedAt: incident.resolved_at ?? undefined,
    update: incident.incident_updates?.[0]?.body.trim(),
    link: incident.shortlink,
  };
}
