import { html, useState } from '../lib/html.js';
import { clock, integer, latency, smallMoney, toNumber } from '../lib/format.js';
import { feed, held, state } from '../lib/live.js';
import { zone } from '../lib/range.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty } from '../parts/states.js';

const SHOWN = 8;

/** @param {any} one a use or a decision */
function stateOf(one) {
  if (one.kind === 'usage') {
    return one.outcome === 'error'
      ? { tone: 'warn', icon: 'warn', word: 'Error' }
      : { tone: 'ok', icon: 'check', word: 'Allowed' };
  }
  switch (one.decision) {
    case 'denied':
      return { tone: 'bad', icon: 'stop', word: one.status ? String(one.status) : 'Refused' };
    case 'throttled':
      return { tone: 'crit', icon: 'clock', word: 'Throttled' };
    case 'allowed_with_warnings':
      return { tone: 'warn', icon: 'warn', word: 'Warned' };
    default:
      return { tone: 'near', icon: 'eye', word: 'Unmetered' };
  }
}

/** @param {any} one */
const refused = (one) => one.kind === 'decision' && (one.decision === 'denied' || one.decision === 'throttled');

/** @param {{ one: any }} props */
function Row({ one }) {
  const said = stateOf(one);
  const why = [...(one.violations ?? []), ...(one.limits ?? [])].map((/** @type {any} */ limit) => limit.limit);
  const tokens = one.quantities ?? {};
  const at = one.time ?? one.at;
  return html`<li>
    <${Chip} tone=${said.tone} icon=${said.icon}>${said.word}<//>
    <span class="feed-who">
      <b>${one.subject ?? 'No subject'}</b>
      <small>${[one.model ?? one.provider, one.feature].filter(Boolean).join(' · ') || 'a call'}</small>
    </span>
    ${
      one.kind === 'usage'
        ? html`<span class="feed-number">
            ${integer(tokens['tokens.input'] ?? 0)} → ${integer(tokens['tokens.output'] ?? 0)}<small>tokens</small>
          </span>
          <span class="feed-number">${smallMoney(one.corrected_cost ?? one.cost)}<small>${latency(toNumber(one.latency_ms))}</small>
          </span>`
        : html`<span class="feed-why" title=${why.join(', ')}>${why.join(', ')}</span>`
    }
    ${at && html`<time datetime=${at}>${clock(at, zone())}</time>`}
  </li>`;
}

/** What is decided and used, as it happens. */
export function LiveDecisions() {
  const [only, setOnly] = useState('all');
  const rows = feed.value.filter((one) => only === 'all' || refused(one)).slice(0, SHOWN);
  const live = state.value === 'live';
  return html`<${Card}
    title="Live"
    about="Every use and refusal as it happens"
    actions=${html`<${Segmented}
        label="Show"
        value=${only}
        options=${[
          ['all', 'All'],
          ['refused', 'Refused'],
        ]}
        onChange=${setOnly}
      />
      <button
        class="button icon"
        type="button"
        aria-pressed=${held.value}
        aria-label=${held.value ? 'Go on' : 'Pause'}
        title=${held.value ? 'Go on' : 'Pause'}
        onClick=${() => {
          held.value = !held.value;
        }}
      >
        <${Icon} name=${held.value ? 'play' : 'pause'} />
      </button>`}
  >
    ${
      rows.length === 0
        ? html`<${Empty} icon="clock" title=${live ? 'Waiting for traffic' : 'Not connected'}>
          ${live ? 'The next call is shown here within a second.' : 'It is tried again by itself.'}
        <//>`
        : html`<ol class="feed">
          ${rows.map((one) => html`<${Row} key=${one.number} one=${one} />`)}
        </ol>`
    }
  <//>`;
}
