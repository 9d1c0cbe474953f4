import { transformer } from "helix-agent-js";

interface Config {
  limit: number;
}

interface Reading {
  sensor: string;
  value: number;
}

transformer<Config, Reading>(
  {
    type: "my.limit",
    config: {
      type: "object",
      properties: { limit: { type: "number", default: 90, description: "A reading above it is too high" } },
    },
  },
  ({ data }, { limit }) => {
    if (data.value <= limit) return;
    return { type: "sensor.too-high", subject: data.sensor, data: { value: data.value, limit } };
  },
);
