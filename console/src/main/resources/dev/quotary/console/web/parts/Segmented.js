import { html } from '../lib/html.js';

/**
 * One of a few choices, all of them in sight.
 *
 * @param {{ label: string, value: string, options: [string, any][], onChange: (value: string) => void }} props
 */
export function Segmented({ label, value, options, onChange }) {
  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const at = options.findIndex(([key]) => key === value);
    const next = options[(at + step + options.length) % options.length];
    const group = /** @type {HTMLElement} */ (event.currentTarget);
    onChange(next[0]);
    /** @type {HTMLElement | undefined} */ (group.children[options.indexOf(next)])?.focus();
  }
  return html`<div class="segmented" role="radiogroup" aria-label=${label} onKeyDown=${move}>
    ${options.map(
      ([key, text]) =>
        html`<button
          type="button"
          role="radio"
          key=${key}
          aria-checked=${key === value}
          tabindex=${key === value ? 0 : -1}
          onClick=${() => onChange(key)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
}
