import { html } from '../lib/html.js';
import { amount, percent, toNumber } from '../lib/format.js';
import { limitState, meterName, windowName } from '../lib/words.js';
import { Chip } from '../parts/Chip.js';
import { Countdown } from '../parts/Countdown.js';
import { QuotaBar } from '../parts/QuotaBar.js';

/** One limit, as an end user reads it. @param {{ limit: any }} props */
export function PortalLimit({ limit }) {
  const state = limitState(limit);
  const where = Object.values(limit.where ?? {}).join(', ');
  const share = toNumber(limit.max) > 0 ? toNumber(limit.used) / toNumber(limit.max) : 0;
  return html`<li class="limit big" data-tone=${state.tone}>
    <div class="limit-head">
      <span class="limit-name">
        <b>${meterName(limit.meter)} ${windowName(limit.window)}</b>
        ${where && html`<small>${where}</small>`}
      </span>
      <span class="limit-count number">
        <b>${amount(limit.meter, limit.used)}</b> / ${limit.unlimited ? 'unlimited' : amount(limit.meter, limit.max)}
      </span>
    </div>
    <${QuotaBar} limit=${limit} />
    <div class="limit-foot">
      <span>
        <${Chip} tone=${state.tone} icon=${state.icon}>${state.word}<//>
        ${!limit.unlimited && html`<span> ${amount(limit.meter, limit.remaining)} left · ${percent(share)} used</span>`}
      </span>
      <span>${limit.window === 'in-flight' ? 'running now' : html`<${Countdown} until=${limit.resets_at} />`}</span>
    </div>
  </li>`;
}
