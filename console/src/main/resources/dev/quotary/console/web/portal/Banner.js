import { html } from '../lib/html.js';
import { meterName, windowName } from '../lib/words.js';
import { Countdown } from '../parts/Countdown.js';
import { Icon } from '../parts/Icon.js';

const WARN_PERCENT = 75;
const CRITICAL_PERCENT = 90;

/** @param {any} limit */
function tone(limit) {
  if (limit.state === 'exceeded' || limit.percent >= 100) {
    return 'bad';
  }
  return limit.percent >= CRITICAL_PERCENT ? 'crit' : 'warn';
}

/** @param {any} limit */
function said(limit) {
  const what = `${meterName(limit.meter).toLowerCase()} ${windowName(limit.window)}`;
  if (tone(limit) === 'bad') {
    return html`<b>You have reached your limit of ${what}.</b> It <${Countdown} until=${limit.resets_at} />.`;
  }
  return html`You have used <b>${Math.floor(limit.percent)}%</b> of your ${what}.`;
}

/** What an upgrade leads to is the operator's: nothing but a web address or a path is followed. @param {string | null} url */
function safe(url) {
  return url && /^(https?:\/\/|\/(?!\/))/.test(url) ? url : null;
}

/**
 * The limit that needs attention first, and the way out.
 *
 * @param {{ status: any }} props
 */
export function Banner({ status }) {
  const near = status.limits
    .filter((/** @type {any} */ limit) => !limit.unlimited && limit.state !== 'shadow' && limit.percent >= WARN_PERCENT)
    .sort((/** @type {any} */ one, /** @type {any} */ other) => other.percent - one.percent);
  if (near.length === 0) {
    return null;
  }
  const upgrade = safe(status.upgrade_url);
  return html`<div class="notice large" data-tone=${tone(near[0])} role="status">
    <${Icon} name=${tone(near[0]) === 'bad' ? 'stop' : 'warn'} size=${20} />
    <span>${said(near[0])}</span>
    ${upgrade && html`<a class="button primary" href=${upgrade} rel="noreferrer">Upgrade</a>`}
  </div>`;
}
