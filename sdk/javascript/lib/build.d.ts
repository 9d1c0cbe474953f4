/** How an agent is built. */
export interface BuildOptions {
  /** helix.json; found beside the entry or above it when it is left out. */
  manifest?: string;
  minify?: boolean;
  /** Takes what the script logs while it is built. */
  log?: (line: string) => void;
}

/** The bytes of the plugin that a TypeScript or JavaScript file becomes. */
export function buildAgent(entry: string, options?: BuildOptions): Promise<Uint8Array>;
