/** Short words about what was just done, which go away by themselves. */
import { html, signal } from '../lib/html.js';
import { Icon } from './Icon.js';

const SHOWN_MILLIS = 4500;

/** @type {import('../lib/html.js').Signal<{ id: number, text: string, tone: string }[]>} */
const toasts = signal(/** @type {any[]} */ ([]));
let last = 0;

/**
 * @param {string} text
 * @param {'ok' | 'bad'} [tone]
 */
export function tell(text, tone = 'ok') {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value, { id, text, tone }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }, SHOWN_MILLIS);
}

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      (toast) =>
        html`<div class="toast" key=${toast.id} data-tone=${toast.tone}>
          <${Icon} name=${toast.tone === 'ok' ? 'check' : 'warn'} />${toast.text}
        </div>`,
    )}
  </div>`;
}
