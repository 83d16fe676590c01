/** Where things go in a chart. */

/**
 * Round numbers from 0 to at least a maximum.
 *
 * @param {number} max
 * @param {number} [count] about how many
 */
export function ticks(max, count = 5) {
  if (!(max > 0)) {
    return [0, 1];
  }
  const raw = max / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => raw <= factor * power) ?? 10) * power;
  const steps = Math.ceil(max / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

const COLORS = 8;
/** Which colour each series has got; the same on all charts as long as the page is open. @type {Map<string, number>} */
const given = new Map();

/** @param {string} key */
function hash(key) {
  let sum = 0;
  for (const letter of key) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }
  return sum % COLORS;
}

/**
 * A series keeps its colour wherever it is shown: by its key, not by its rank. Of those that are shown together two have the same only if there are
 * more of them than colours.
 *
 * @param {string[]} keys
 * @returns {Map<string, string>}
 */
export function colors(keys) {
  const taken = new Set(keys.map((key) => given.get(key)).filter((color) => color !== undefined));
  for (const key of keys) {
    if (!given.has(key)) {
      let at = hash(key);
      for (let i = 0; i < COLORS && taken.has(at); i++) {
        at = (at + 1) % COLORS;
      }
      taken.add(at);
      given.set(key, at);
    }
  }
  return new Map(keys.map((key) => [key, `var(--c${given.get(key)})`]));
}

/**
 * A bar whose upper corners are round.
 *
 * @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius
 */
export function roundedTop(x, y, width, height, radius) {
  const r = Math.max(0, Math.min(radius, width / 2, height));
  return `M${x},${y + height}V${y + r}Q${x},${y} ${x + r},${y}H${x + width - r}Q${x + width},${y} ${x + width},${y + r}V${y + height}Z`;
}

/**
 * @param {number[][]} points
 */
export const line = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
