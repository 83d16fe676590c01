import { html } from '../lib/html.js';
import { dateIn, plusDays } from '../lib/days.js';
import { span, zone } from '../lib/range.js';
import { param, setQuery } from '../lib/router.js';
import { Icon } from './Icon.js';
import { Segmented } from './Segmented.js';

const COMMON_ZONES = [
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Australia/Sydney',
];

function zones() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([zone(), own, ...COMMON_ZONES])];
}

/** Which stretch of time is looked at, and in which zone its days begin. */
export function RangePicker() {
  const now = span();
  const today = dateIn(new Date(), now.zone);
  /** @param {string} name */
  function choose(name) {
    setQuery(
      name === 'custom'
        ? { range: name, from: param('from') || plusDays(today, -13), to: param('to') || today }
        : { range: name === '30d' ? null : name, from: null, to: null },
    );
  }
  return html`<${Segmented}
      label="Range"
      value=${now.name}
      options=${[
        ['24h', '24h'],
        ['7d', '7d'],
        ['30d', '30d'],
        ['month', 'Month'],
        ['90d', '90d'],
        ['custom', 'Custom'],
      ]}
      onChange=${choose}
    />
    ${
      now.name === 'custom' &&
      html`<span class="dates">
      <input
        type="date"
        aria-label="First day"
        value=${now.from}
        max=${today}
        onChange=${(/** @type {any} */ event) => setQuery({ from: event.target.value })}
      />
      <span aria-hidden="true">–</span>
      <input
        type="date"
        aria-label="Last day"
        value=${param('to') || today}
        max=${today}
        onChange=${(/** @type {any} */ event) => setQuery({ to: event.target.value })}
      />
    </span>`
    }
    <label class="select"><span class="unseen">Time zone</span>
      <select value=${now.zone} onChange=${(/** @type {any} */ event) => setQuery({ zone: event.target.value })}>
        ${zones().map((one) => html`<option key=${one} value=${one}>${one.replaceAll('_', ' ')}</option>`)}
      </select><${Icon} name="chevron" size=${14} />
    </label>`;
}
