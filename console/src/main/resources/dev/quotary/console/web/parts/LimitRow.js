import { html } from '../lib/html.js';
import { amount, exactMoney, integer, percent, toNumber } from '../lib/format.js';
import { counted, limitState, scopeName } from '../lib/words.js';
import { Chip } from './Chip.js';
import { Countdown } from './Countdown.js';
import { Icon } from './Icon.js';
import { QuotaBar } from './QuotaBar.js';

/** @param {string} meter */
const iconOf = (meter) => (meter === 'cost' ? 'price' : meter.startsWith('tokens') ? 'model' : 'limits');

/** @param {any} limit */
const full = (limit) =>
  limit.meter === 'cost'
    ? `${exactMoney(limit.used)} used, ${exactMoney(limit.held)} held`
    : `${integer(limit.used)} used, ${integer(limit.held)} held`;

/**
 * One limit: what it counts, how it stands, when it begins anew.
 *
 * @param {{ limit: any, zone?: string, badge?: any, actions?: any, title?: any, note?: string }} props
 */
export function LimitRow({ limit, zone, badge, actions, title, note }) {
  const state = limitState(limit);
  const where = Object.entries(limit.where ?? {})
    .map(([dimension, value]) => `${dimension} ${value}`)
    .join(', ');
  return html`<li class="limit" data-tone=${state.tone}>
    <div class="limit-head">
      <span class="limit-icon"><${Icon} name=${iconOf(limit.meter)} size=${15} /></span>
      <span class="limit-name">
        <b>${title ?? counted(limit)}</b>
        <small>${note ?? [limit.limit, scopeName(limit.scope), where].filter(Boolean).join(' · ')}</small>
      </span>
      <span class="limit-badge">${badge}</span>
      <${Chip} tone=${state.tone} icon=${state.icon}>${state.word}<//>
      ${actions}
    </div>
    <${QuotaBar} limit=${limit} />
    <div class="limit-foot">
      <span title=${full(limit)}>
        <b>${amount(limit.meter, limit.used)}</b>${' '}
        ${
          limit.unlimited
            ? 'used, no limit'
            : `of ${amount(limit.meter, limit.max)} · ${percent(toNumber(limit.max) > 0 ? toNumber(limit.used) / toNumber(limit.max) : 0)}`
        }
        ${toNumber(limit.held) > 0 && html`<span class="held-note"> · ${amount(limit.meter, limit.held)} held</span>`}
      </span>
      <span>${limit.window === 'in-flight' ? 'running now' : html`<${Countdown} until=${limit.resets_at} zone=${zone} />`}</span>
    </div>
  </li>`;
}
