import { html } from '../lib/html.js';
import { integer, smallMoney } from '../lib/format.js';
import { meterName, windowName } from '../lib/words.js';

/** @param {any} limit as plans declare it */
export function maximum(limit) {
  if (limit.max === 'unlimited') {
    return 'Unlimited';
  }
  return limit.meter === 'cost' ? smallMoney(limit.max) : integer(limit.max);
}

/** @param {any} limit as plans declare it */
export function whatHappens(limit) {
  const action = limit.exceeded?.action ?? 'block';
  const long = ['day', 'week', 'month', 'billing-period', 'lifetime'].includes(limit.window) && !limit.sliding;
  switch (action) {
    case 'queue':
      return `waits up to ${limit.exceeded.wait ?? '5s'}`;
    case 'throttle':
      return 'slows down';
    case 'overage':
      return `overage${limit.exceeded.overage_max ? ` up to ${limit.exceeded.overage_max}` : ''}`;
    case 'shadow':
      return 'only reported';
    default:
      return `refused with ${limit.exceeded?.status ?? (long ? 402 : 429)}`;
  }
}

/**
 * What a plan allows, in a few lines.
 *
 * @param {{ plan: any }} props
 */
export function PlanLimits({ plan }) {
  const limits = plan.limits ?? [];
  if (limits.length === 0) {
    return html`<p class="muted">This plan limits nothing.</p>`;
  }
  return html`<table class="facts">
    <tbody>
      ${limits.map(
        (/** @type {any} */ limit) =>
          html`<tr key=${limit.key}>
            <th scope="row">
              ${meterName(limit.meter)} ${windowName(limit.window)}${limit.sliding ? ', sliding' : ''}
              ${(limit.per ?? 'subject') !== 'subject' && html`<small>per ${limit.per}</small>`}
              ${
                limit.where &&
                html`<small>${Object.entries(limit.where)
                  .map(([name, value]) => `${name} ${value}`)
                  .join(', ')}</small>`
              }
            </th>
            <td class="number">${maximum(limit)}</td>
            <td class="muted">${limit.max === 'unlimited' ? '' : whatHappens(limit)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
