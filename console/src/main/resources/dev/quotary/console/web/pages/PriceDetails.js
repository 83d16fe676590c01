import { html } from '../lib/html.js';
import { integer } from '../lib/format.js';
import { Dialog } from '../parts/Dialog.js';

/** @param {string} text */
const words = (text) => text.replaceAll('_', ' ');

/**
 * Every class and tier of a row, and where it comes from.
 *
 * @param {{ row: any, onClose: () => void }} props
 */
export function PriceDetails({ row, onClose }) {
  const columns = Object.entries(row.tiers).flatMap(([tier, kinds]) =>
    Object.entries(/** @type {Record<string, any>} */ (kinds)).map(([kind, prices]) => ({
      name: kind === 'normal' ? tier : `${tier}, ${words(kind)}`,
      prices,
    })),
  );
  const classes = [...new Set(columns.flatMap((column) => Object.keys(column.prices)))];
  return html`<${Dialog} wide title=${`${row.provider} / ${row.model}`} about=${html`Row <code>${row.row}</code>, as receipts name it`} onClose=${onClose}>
    <div class="table-scroll" tabindex="0" role="region" aria-label="Prices by tier">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Class</th>${columns.map((column) => html`<th scope="col" class="right" key=${column.name}>${column.name}</th>`)}</tr>
        </thead>
        <tbody>${classes.map(
          (name) => html`
          <tr key=${name}>
            <th scope="row">${words(name)}</th>${columns.map((column) => html`<td class="number" key=${column.name}>${column.prices[name] ? `$${column.prices[name]}` : '–'}</td>`)}</tr>
        `,
        )}</tbody>
      </table>
    </div>
    ${row.long_context_over && html`<p class="muted">Long prompts: more than ${integer(row.long_context_over)} tokens.</p>`}
    ${row.note && html`<p class="muted">${row.note}</p>`}
    ${row.sources && html`<p class="muted wrap-anywhere">From ${row.sources}</p>`}
  <//>`;
}
