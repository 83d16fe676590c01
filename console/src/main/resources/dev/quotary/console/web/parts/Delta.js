import { html } from '../lib/html.js';
import { percent } from '../lib/format.js';

const FLAT = 0.005;

/**
 * How much more or less than before.
 *
 * @param {{ now: number, before: number, good?: 'up' | 'down' | 'none' }} props
 */
export function Delta({ now, before, good = 'none' }) {
  if (before === 0) {
    return now === 0 ? html`<span class="delta">no change</span>` : html`<span class="delta">new</span>`;
  }
  const change = (now - before) / before;
  const flat = Math.abs(change) < FLAT;
  if (flat) {
    return html`<span class="delta">no change</span>`;
  }
  const direction = change >= 0 ? 'up' : 'down';
  const tone = good === 'none' ? 'flat' : direction === good ? 'good' : 'bad';
  return html`<span class="delta" data-tone=${tone}>
    <span aria-hidden="true">${direction === 'up' ? '▲' : '▼'}</span>
    <span class="unseen">${direction}</span> ${percent(Math.abs(change))}
  </span>`;
}
