import { html } from '../lib/html.js';
import { ago, integer, money, moment, percent, short } from '../lib/format.js';
import { href, setQuery } from '../lib/router.js';
import { limitState } from '../lib/words.js';
import { Avatar } from '../parts/Avatar.js';
import { Chip } from '../parts/Chip.js';
import { QuotaBar } from '../parts/QuotaBar.js';

/** What the list can be ranked by; always the most first, of keys the alphabet. */
const COLUMNS = [
  { key: 'key', name: 'Subject' },
  { key: '', name: 'Plan' },
  { key: '', name: 'State' },
  { key: 'requests', name: 'Requests', side: 'right' },
  { key: 'tokens', name: 'Tokens', side: 'right' },
  { key: 'cost', name: 'Spend', side: 'right' },
  { key: 'percent', name: 'Closest limit' },
  { key: 'last_active', name: 'Last active', side: 'right' },
];

/** @param {any[]} limits */
function closest(limits) {
  const counting = limits.filter((limit) => !limit.unlimited && limit.state !== 'shadow');
  return counting.length === 0 ? null : counting.reduce((one, other) => (other.percent > one.percent ? other : one));
}

/** @param {{ subject: any }} props */
function State({ subject }) {
  if (subject.blocked) {
    return html`<${Chip} tone="bad" icon="stop">Blocked<//>`;
  }
  if (!subject.declared) {
    return html`<${Chip} tone="idle" icon="globe">On the fly<//>`;
  }
  return html`<${Chip} tone="ok" icon="check">Active<//>`;
}

/** @param {{ subject: any }} props */
function Row({ subject }) {
  const name = subject.name ?? subject.key;
  const limit = closest(subject.limits);
  const state = limit && limitState(limit);
  return html`<tr>
    <th scope="row">
      <span class="named">
        <${Avatar} name=${name} visitor=${!subject.declared} />
        <span>
          <a href=${href(`/subjects/${encodeURIComponent(subject.key)}`)}>${name}</a>
          <small>${subject.key}</small>
        </span>
      </span>
    </th>
    <td>
      ${subject.effective_plan ? html`<code>${subject.effective_plan}</code>` : html`<span class="muted">No plan</span>`}
    </td>
    <td><${State} subject=${subject} /></td>
    <td class="right" title=${integer(subject.requests)}>${short(subject.requests)}</td>
    <td class="right" title=${integer(subject.tokens)}>${short(subject.tokens)}</td>
    <td class="right strong">${money(subject.cost)}</td>
    <td>
      ${
        limit
          ? html`<span class="closest" data-tone=${state.tone}>
              <${QuotaBar} limit=${limit} thin />
              <span class="number">${percent(limit.percent / 100)}</span>
              <small>${limit.limit}</small>
            </span>`
          : html`<span class="muted">No limit</span>`
      }
    </td>
    <td
      class="right"
      title=${subject.last_active ? `${moment(subject.last_active)} UTC` : ''}
    >${ago(subject.last_active)}</td>
  </tr>`;
}

/**
 * Everybody, ranked.
 *
 * @param {{ subjects: any[], sort: string }} props
 */
export function SubjectTable({ subjects, sort }) {
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Subjects, ranked">
    <table class="table">
      <thead>
        <tr>
          ${COLUMNS.map(
            (column) =>
              html`<th
                scope="col"
                key=${column.name}
                class=${column.side ?? ''}
                aria-sort=${column.key === sort ? (sort === 'key' ? 'ascending' : 'descending') : undefined}
              >
                ${
                  column.key
                    ? html`<button
                        type="button"
                        onClick=${() => setQuery({ sort: column.key === 'cost' ? null : column.key, cursor: null })}
                      >
                        ${column.name}<span class="arrow" aria-hidden="true"
                          >${column.key === sort ? (sort === 'key' ? '↑' : '↓') : ''}</span
                        >
                      </button>`
                    : column.name
                }
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${subjects.map((subject) => html`<${Row} key=${subject.key} subject=${subject} />`)}
      </tbody>
    </table>
  </div>`;
}
