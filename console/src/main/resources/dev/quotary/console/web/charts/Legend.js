import { html } from '../lib/html.js';
import { amount, percent } from '../lib/format.js';

/**
 * The series of a chart with their sums. A click hides one, with Alt or Shift all others.
 *
 * @param {{ series: { key: string, color: string, total: number }[], meter: string, hidden: Set<string>,
 *   onHide: (hidden: Set<string>) => void, onFocus: (key: string | null) => void, adds?: boolean, format?: (value: number) => string }} props
 *   `adds`: whether the series are parts of a whole
 */
export function Legend({
  series,
  meter,
  hidden,
  onHide,
  onFocus,
  adds = true,
  format = (value) => amount(meter, value),
}) {
  const sum = series.reduce((total, one) => total + one.total, 0) || 1;
  /** @param {string} key @param {MouseEvent} event */
  function toggle(key, event) {
    if (event.altKey || event.shiftKey) {
      onHide(new Set(series.map((one) => one.key).filter((other) => other !== key)));
      return;
    }
    const next = new Set(hidden);
    if (!next.delete(key)) {
      next.add(key);
    }
    onHide(next.size === series.length ? new Set() : next);
  }
  return html`<ul class="legend" aria-label="Series; press one to hide it">
    ${series.map(
      (one) =>
        html`<li key=${one.key}>
          <button
            type="button"
            aria-pressed=${!hidden.has(one.key)}
            title="Click hides, Alt-click leaves this one alone"
            onClick=${(/** @type {MouseEvent} */ event) => toggle(one.key, event)}
            onMouseEnter=${() => onFocus(one.key)}
            onMouseLeave=${() => onFocus(null)}
          >
            <i style=${{ background: one.color }}>
            </i>
            <span>${one.key}</span>
            <b>${format(one.total)}</b>${adds && html`<small>${percent(one.total / sum)}</small>`}
          </button>
        </li>`,
    )}
  </ul>`;
}
