/** What is shown where there is nothing, nothing yet, or nothing because of a failure. */
import { html } from '../lib/html.js';
import { Icon } from './Icon.js';

/** @param {{ icon?: string, title: string, children?: any }} props */
export function Empty({ icon = 'spark', title, children }) {
  return html`<div class="empty">
    <span class="empty-icon"><${Icon} name=${icon} size=${22} /></span>
    <h3>${title}</h3>
    ${children && html`<p>${children}</p>`}
  </div>`;
}

/** @param {{ error: Error, onRetry?: () => void }} props */
export function Failed({ error, onRetry }) {
  return html`<div class="notice" data-tone="bad" role="alert">
    <${Icon} name="warn" />
    <span>${error.message}</span>
    ${onRetry && html`<button class="button small" type="button" onClick=${onRetry}>Try again</button>`}
  </div>`;
}

/** @param {{ lines?: number, height?: number }} props */
export function Loading({ lines = 3, height }) {
  return html`<div class="loading" role="status">
    <span class="unseen">Loading…</span>
    ${
      height
        ? html`<div class="bone" style=${{ height: `${height}px` }}></div>`
        : Array.from({ length: lines }, (_, i) => html`<div class="bone line" key=${i}></div>`)
    }
  </div>`;
}
