import { html } from '../lib/html.js';
import { Icon } from './Icon.js';

/** @param {{ tone: string, icon?: string, children?: any }} props */
export function Chip({ tone, icon, children }) {
  return html`<span class="chip" data-tone=${tone}>
    ${icon && html`<${Icon} name=${icon} size=${12} />`}${children}
  </span>`;
}
