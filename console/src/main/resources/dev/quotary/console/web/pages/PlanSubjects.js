import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { href } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { Avatar } from '../parts/Avatar.js';
import { Chip } from '../parts/Chip.js';
import { Pager } from '../parts/Pager.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const PAGE = 25;
/** Empty pages of a large list that are passed over by themselves. */
const PAGES_PASSED_MAX = 20;

/**
 * The next page that has somebody: of a large list the server looks at a bounded part for each.
 *
 * @param {Record<string, string | number>} query
 * @param {AbortSignal} signal
 */
async function page(query, signal) {
  let answer = await get('/api/v1/subjects', query, signal);
  for (let i = 0; i < PAGES_PASSED_MAX && answer.subjects.length === 0 && answer.next_cursor; i++) {
    answer = await get('/api/v1/subjects', { ...query, cursor: answer.next_cursor }, signal);
  }
  return answer;
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
    <td>${subject.plan ? 'its own plan' : 'from the organization'}</td>
    <td>
      ${
        subject.overrides.length > 0
          ? html`<${Chip} tone="near">${subject.overrides.map((/** @type {any} */ one) => one.limit).join(', ')}<//>`
          : html`<span class="muted">none</span>`
      }
    </td>
    <td>
      ${
        subject.blocked
          ? html`<${Chip} tone="bad" icon="stop">Blocked<//>`
          : html`<${Chip} tone="ok" icon="check">Active<//>`
      }
    </td>
  </tr>`;
}

/**
 * Those who are declared and for whom a plan goes.
 *
 * @param {{ plan: string, cursor: string }} props
 */
export function PlanSubjects({ plan, cursor }) {
  const { data, error, reload } = useLoad(
    (signal) => page({ plan, limit: PAGE, cursor }, signal),
    [organization.value?.key, plan, cursor],
  );
  if (error) {
    return html`<${Failed} error=${error} onRetry=${reload} />`;
  }
  if (!data) {
    return html`<${Loading} lines=${8} />`;
  }
  if (data.subjects.length === 0) {
    return html`<${Empty} icon="subjects" title="Nobody">No declared subject has this plan.<//>`;
  }
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Subjects of the plan">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col">Has it as</th>
            <th scope="col">Overrides</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          ${data.subjects.map((/** @type {any} */ subject) => html`<${Row} key=${subject.key} subject=${subject} />`)}
        </tbody>
      </table>
    </div>
    <${Pager} cursor=${cursor} next=${data.next_cursor} />`;
}
