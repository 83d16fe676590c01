import { html } from '../lib/html.js';
import { exactMoney, integer } from '../lib/format.js';
import { valueOf } from '../lib/usage.js';

/** @param {string} meter @param {any} told */
function shown(meter, told) {
  const value = valueOf(told);
  if (value === null || value === undefined) {
    return '–';
  }
  return meter === 'cost' ? exactMoney(value) : typeof value === 'number' ? integer(value) : value;
}

/**
 * The numbers of a chart, every digit of them.
 *
 * @param {{ answer: any, meter: string }} props
 */
export function SeriesTable({ answer, meter }) {
  return html`<div class="table-frame inset" tabindex="0" role="region" aria-label="Every value">
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Time</th>${answer.series.map((/** @type {any} */ one) => html`<th scope="col" class="right" key=${one.key}>${one.key}</th>`)}</tr>
      </thead>
      <tbody>
        ${answer.buckets.map(
          (/** @type {any} */ bucket, /** @type {number} */ i) => html`
          <tr key=${bucket.start}>
            <th scope="row">${bucket.long}</th>${answer.series.map((/** @type {any} */ one) => html`<td class="right" key=${one.key}>${shown(meter, one.points[i]?.values[meter])}</td>`)}</tr>
        `,
        )}
      </tbody>
    </table>
  </div>`;
}
