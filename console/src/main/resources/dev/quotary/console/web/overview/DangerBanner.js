import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { amount } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { counted } from '../lib/words.js';
import { Icon } from '../parts/Icon.js';

const FROM_PERCENT = 90;

/**
 * The organization's own limit that is closest to its end, if one is close.
 *
 * @param {{ on: string }} props
 */
export function DangerBanner({ on }) {
  const { data } = useLoad((signal) => get('/api/v1/usage/status', {}, signal), [on]);
  const near = (data?.limits ?? [])
    .filter((/** @type {any} */ limit) => limit.percent >= FROM_PERCENT && !limit.unlimited && limit.state !== 'shadow')
    .sort((/** @type {any} */ one, /** @type {any} */ other) => other.percent - one.percent)[0];
  if (!near) {
    return null;
  }
  const over = near.percent >= 100;
  return html`<div class="notice" data-tone=${over ? 'bad' : 'crit'} role="status">
    <${Icon} name=${over ? 'stop' : 'warn'} />
    <span>
      <b>${near.limit}</b> has used ${Math.floor(near.percent)}% of ${counted(near).toLowerCase()} (${amount(near.meter, near.used)} of ${amount(near.meter, near.max)}). ${over ? 'Calls without room are refused.' : 'Beyond it, calls are refused.'}</span>
    <a class="button small" href="/console/plans">See limits</a>
  </div>`;
}
