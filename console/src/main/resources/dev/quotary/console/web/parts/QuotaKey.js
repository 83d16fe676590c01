import { html } from '../lib/html.js';

/** What the parts of a quota bar mean. */
export function QuotaKey() {
  return html`<div class="quota-key" aria-hidden="true">
    <span><i class="k-used"></i>used</span>
    <span><i class="k-held"></i>held by running calls</span>
    <span><i class="k-ticks"></i>50 / 75 / 90%</span>
  </div>`;
}
