import { html } from '../lib/html.js';
import { exactMoney, integer } from '../lib/format.js';

/** Dollars of one unit, as people quote prices: of a million. @param {string} price */
function perMillion(price) {
  // Decimal text, moved by six places: no digit is lost in a binary fraction.
  const [whole, fraction = ''] = price.split('.');
  const digits = (whole + fraction.padEnd(6, '0').slice(0, 6)).replace(/^0+(?=\d)/, '');
  const rest = fraction.slice(6).replace(/0+$/, '');
  return rest ? `${digits}.${rest}` : digits;
}

/**
 * How the cost of an event was computed: class by class, quantity times price.
 *
 * @param {{ receipt: any, cost: string }} props
 */
export function Receipt({ receipt }) {
  const { price } = receipt;
  const modifiers = Object.entries(price.modifiers).map(([name, factor]) => `${name.replaceAll('_', ' ')} × ${factor}`);
  return html`<section class="receipt">
    <h3>Receipt</h3>
    <p class="muted">Row <code>${price.row}</code>, ${price.price_tier} prices${price.long_context ? ', long prompt' : ''}${price.adjustment === '1' ? '' : `, adjusted × ${price.adjustment}`}${modifiers.length > 0 ? `, ${modifiers.join(', ')}` : ''}</p>
    <table class="facts">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" class="right">Quantity</th>
          <th scope="col" class="right">Per million</th>
          <th scope="col" class="right">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${receipt.lines.map(
          (/** @type {any} */ line) => html`
          <tr key=${line.component}>
            <th scope="row">${line.component.replaceAll('_', ' ')}</th>
            <td class="number">${integer(line.quantity)}</td>
            <td class="number">$${perMillion(line.unit_price)}</td>
            <td class="number">${exactMoney(line.amount)}</td>
          </tr>
        `,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="3">Total, rounded once</th>
          <td class="number">${exactMoney(receipt.total)}</td>
        </tr>
      </tfoot>
    </table>
  </section>`;
}
