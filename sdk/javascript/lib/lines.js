// Which line of the sources each line of a bundle is from, out of its source map.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function numbers(segment) {
  const values = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      values.push(value & 1 ? -(value >>> 1) : value >>> 1);
      value = 0;
      shift = 0;
    }
  }
  return values;
}

/** `{ sources, lines }`: `lines[n]` is `[source, line]` of line n + 1 of the bundle, or 0. */
export function lineTable(sourceMap, name = (source) => source) {
  const map = JSON.parse(sourceMap);
  let source = 0;
  let line = 0;
  const lines = map.mappings.split(";").map((group) => {
    let first = 0;
    for (const segment of group.split(",").filter(Boolean)) {
      const [, sourceStep, lineStep] = numbers(segment);
      if (sourceStep === undefined) continue;
      source += sourceStep;
      line += lineStep;
      first ||= [source, line + 1];
    }
    return first;
  });
  return { sources: map.sources.map(name), lines };
}
