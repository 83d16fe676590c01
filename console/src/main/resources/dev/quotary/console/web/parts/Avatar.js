import { html } from '../lib/html.js';
import { Icon } from './Icon.js';

/**
 * The same text has the same colour wherever it is shown.
 *
 * @param {string} text
 */
function hue(text) {
  let sum = 7;
  for (const letter of text) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  }
  return sum;
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('')
    .toUpperCase();
}

/** @param {{ name: string, visitor?: boolean, size?: 'small' | 'large' }} props */
export function Avatar({ name, visitor = false, size = 'small' }) {
  return html`<span class="avatar" data-size=${size} data-hue=${Math.floor(hue(name) / 30)} aria-hidden="true">
    ${visitor ? html`<${Icon} name="globe" size=${14} />` : initials(name)}
  </span>`;
}
