import { html, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { href, param, setQuery } from '../lib/router.js';
import { mayChange, organization } from '../lib/session.js';
import { Avatar } from '../parts/Avatar.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { QuotaBar } from '../parts/QuotaBar.js';
import { SearchBox } from '../parts/SearchBox.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { limitState } from '../lib/words.js';
import { percent } from '../lib/format.js';
import { NewSubject } from './NewSubject.js';

const PAGE = 25;
/** Empty pages of a large list that are passed over by themselves. */
const PAGES_PASSED_MAX = 20;

/**
 * The next page that has something: of a large list the server looks at a bounded part for each.
 *
 * @param {Record<string, string>} query
 * @param {AbortSignal} signal
 */
async function page(query, signal) {
  let answer = await get('/api/v1/subjects', { ...query, limit: PAGE }, signal);
  for (let i = 0; i < PAGES_PASSED_MAX && answer.subjects.length === 0 && answer.next_cursor; i++) {
    answer = await get('/api/v1/subjects', { ...query, limit: PAGE, cursor: answer.next_cursor }, signal);
  }
  return answer;
}

/**
 * The limit of a subject that is closest to its end.
 *
 * @param {{ id: string }} props
 */
function Closest({ id }) {
  const { data } = useLoad((signal) => get('/api/v1/usage/status', { subject: id }, signal), [id]);
  if (!data) {
    return html`<span class="bone line short"></span>`;
  }
  const own = data.limits.filter((/** @type {any} */ limit) => !limit.unlimited && limit.state !== 'shadow');
  if (own.length === 0) {
    return html`<span class="muted">No limit</span>`;
  }
  const closest = own.reduce((/** @type {any} */ one, /** @type {any} */ other) =>
    other.percent > one.percent ? other : one,
  );
  const state = limitState(closest);
  return html`<span class="closest" data-tone=${state.tone}>
    <${QuotaBar} limit=${closest} thin />
    <span class="number">${percent(closest.percent / 100)}</span>
    <small>${closest.limit}</small>
  </span>`;
}

/** @param {{ subject: any }} props */
function Row({ subject }) {
  const name = subject.name ?? subject.key;
  return html`<tr>
    <th scope="row">
      <span class="named">
        <${Avatar} name=${name} />
        <span>
          <a href=${href(`/subjects/${encodeURIComponent(subject.key)}`)}>${name}</a>
          <small>${subject.key}</small>
        </span>
      </span>
    </th>
    <td>
      ${subject.effective_plan ? html`<code>${subject.effective_plan}</code>` : html`<span class="muted">No plan</span>`}
      ${subject.overrides.length > 0 && html` <${Chip} tone="near">${subject.overrides.length} override${subject.overrides.length > 1 ? 's' : ''}<//>`}
    </td>
    <td>
      ${
        subject.blocked
          ? html`<${Chip} tone="bad" icon="stop">Blocked<//>`
          : html`<${Chip} tone="ok" icon="check">Active<//>`
      }
    </td>
    <td class="stretch"><${Closest} id=${subject.key} /></td>
  </tr>`;
}

/** @param {{ query: Record<string, string>, cursor: string, onNext: (cursor: string) => void }} props */
function Page({ query, cursor, onNext }) {
  const key = organization.value?.key;
  const { data, error, reload } = useLoad(
    (signal) => page(cursor ? { ...query, cursor } : query, signal),
    [key, cursor, JSON.stringify(query)],
  );
  if (error && !data) {
    return html`<${Failed} error=${error} onRetry=${reload} />`;
  }
  if (!data) {
    return html`<${Loading} lines=${8} />`;
  }
  if (data.subjects.length === 0) {
    const asked = query.q || query.plan || query.blocked;
    return html`<${Empty} icon=${asked ? 'search' : 'subjects'} title=${asked ? 'Nobody matches' : 'No subjects yet'}>
      ${
        asked
          ? 'Search by key or name, or take the filter away.'
          : 'Declare one here or in a plans file. Subjects that an organization lets be made on the fly are found by their key.'
      }
    <//>`;
  }
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Subjects">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col">Plan</th>
            <th scope="col">State</th>
            <th scope="col">Closest limit</th>
          </tr>
        </thead>
        <tbody>
          ${data.subjects.map((/** @type {any} */ subject) => html`<${Row} key=${subject.key} subject=${subject} />`)}
        </tbody>
      </table>
    </div>
    <footer class="pager">
      ${cursor && html`<button class="button" type="button" onClick=${() => history.back()}>Back</button>`}
      ${
        data.next_cursor &&
        html`<button class="button" type="button" onClick=${() => onNext(data.next_cursor)}>
        Next<${Icon} name="right" size=${14} />
      </button>`
      }
    </footer>`;
}

/** Everybody who is declared. */
export function Subjects() {
  const [adding, setAdding] = useState(false);
  const q = param('q');
  const blocked = param('blocked');
  const plan = param('plan');
  const query = { q, blocked, plan };
  return html`<${PageHead} title="Subjects" about=${`Who uses, in ${organization.value?.name ?? organization.value?.key ?? 'this organization'}`}>
      ${
        mayChange.value &&
        html`<button class="button primary" type="button" onClick=${() => setAdding(true)}>
        <${Icon} name="plus" />New subject
      </button>`
      }
    <//>
    <${Card}
      name="flush"
      title=${plan ? html`On plan <code>${plan}</code>` : 'All subjects'}
      actions=${html`<${Segmented}
          label="State"
          value=${blocked}
          options=${[
            ['', 'All'],
            ['false', 'Active'],
            ['true', 'Blocked'],
          ]}
          onChange=${(/** @type {string} */ value) => setQuery({ blocked: value, cursor: null })}
        />
        <${SearchBox} label="Search by key or name" value=${q} onSearch=${(/** @type {string} */ text) => setQuery({ q: text, cursor: null })} />
        ${plan && html`<button class="button" type="button" onClick=${() => setQuery({ plan: null, cursor: null })}><${Icon} name="close" size=${14} />Every plan</button>`}`}
    >
      <${Page} query=${query} cursor=${param('cursor')} onNext=${(/** @type {string} */ cursor) => setQuery({ cursor }, true)} />
    <//>
    ${adding && html`<${NewSubject} onClose=${() => setAdding(false)} />`}`;
}
