import { html } from '../lib/html.js';
import { ICONS } from './icons.js';

/** @param {{ name: keyof typeof ICONS | string, size?: number }} props */
export function Icon({ name, size = 16 }) {
  return html`<svg
    class="icon"
    width=${size}
    height=${size}
    viewBox="0 0 18 18"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d=${/** @type {Record<string, string>} */ (ICONS)[name]} />
  </svg>`;
}
