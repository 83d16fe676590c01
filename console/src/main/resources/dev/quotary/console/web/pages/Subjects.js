import { html, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { integer } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { param, setQuery } from '../lib/router.js';
import { mayChange, organization } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Pager } from '../parts/Pager.js';
import { SearchBox } from '../parts/SearchBox.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { NewSubject } from './NewSubject.js';
import { PlanSubjects } from './PlanSubjects.js';
import { SubjectTable } from './SubjectTable.js';

const PAGE = 25;
const DAYS = ['1', '7', '30', '90'];

/** What is asked for by each choice of whom to show. */
const SHOWN = {
  '': {},
  active: { blocked: false, declared: true },
  blocked: { blocked: true },
  fly: { declared: false },
};

/** @param {{ days: string, show: string, q: string, sort: string, cursor: string }} props */
function Everybody({ days, show, q, sort, cursor }) {
  const asked = { days, sort, q, cursor, limit: PAGE, .../** @type {any} */ (SHOWN)[show] };
  const { data, error, reload } = useLoad(
    (signal) => get('/api/v1/admin/subjects', asked, signal),
    [organization.value?.key, JSON.stringify(asked)],
  );
  if (error) {
    return html`<${Failed} error=${error} onRetry=${reload} />`;
  }
  if (!data) {
    return html`<${Loading} lines=${10} />`;
  }
  if (data.subjects.length === 0) {
    const asked = q || show;
    return html`<${Empty} icon=${asked ? 'search' : 'subjects'} title=${asked ? 'Nobody matches' : 'No subjects yet'}>
      ${
        asked
          ? 'Search by key or name, or take the filter away.'
          : 'Declare one here or in a plans file, or let your application name one: it is there with its first call.'
      }
    <//>`;
  }
  return html`<${SubjectTable} subjects=${data.subjects} sort=${sort} />
    <${Pager} cursor=${cursor} next=${data.next_cursor}>
      <span class="muted count">${integer(data.count)} in all</span>
    <//>`;
}

/** Everybody who is declared or has used something, with what they used and how close they are to the end of what. */
export function Subjects() {
  const [adding, setAdding] = useState(false);
  const plan = param('plan');
  const days = DAYS.includes(param('days')) ? param('days') : '30';
  const name = organization.value?.name ?? organization.value?.key ?? 'this organization';
  /** @param {string} parameter @param {string} [otherwise] */
  const set = (parameter, otherwise) => (/** @type {string} */ value) =>
    setQuery({ [parameter]: value === otherwise ? null : value, cursor: null });
  return html`<${PageHead} title="Subjects" about=${`Who uses, in ${name}`}>
      ${
        mayChange.value &&
        html`<button class="button primary" type="button" onClick=${() => setAdding(true)}>
          <${Icon} name="plus" />New subject
        </button>`
      }
    <//>
    <${Card}
      name="flush"
      title=${plan ? html`On plan <code>${plan}</code>` : 'Everybody'}
      about=${plan ? 'Those who are declared' : `What they used in the last ${days === '1' ? 'day' : `${days} days`}`}
      actions=${
        plan
          ? html`<button class="button" type="button" onClick=${() => setQuery({ plan: null, cursor: null })}>
              <${Icon} name="close" size=${14} />Everybody
            </button>`
          : html`<${Segmented}
                label="Whom"
                value=${param('show')}
                options=${[
                  ['', 'All'],
                  ['active', 'Active'],
                  ['blocked', 'Blocked'],
                  ['fly', 'On the fly'],
                ]}
                onChange=${set('show', '')}
              />
              <${Segmented}
                label="Days"
                value=${days}
                options=${DAYS.map((one) => [one, one === '1' ? '24h' : `${one}d`])}
                onChange=${set('days', '30')}
              />
              <${SearchBox} label="Search by key or name" value=${param('q')} onSearch=${set('q', '')} />`
      }
    >
      ${
        plan
          ? html`<${PlanSubjects} plan=${plan} cursor=${param('cursor')} />`
          : html`<${Everybody}
              days=${days}
              show=${param('show')}
              q=${param('q')}
              sort=${param('sort') || 'cost'}
              cursor=${param('cursor')}
            />`
      }
    <//>
    ${adding && html`<${NewSubject} onClose=${() => setAdding(false)} />`}`;
}
