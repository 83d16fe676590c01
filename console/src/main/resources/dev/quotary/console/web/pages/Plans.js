import { html, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { href, param, setQuery } from '../lib/router.js';
import { mayChange, organization, wholeServer } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { PlanEditor } from './PlanEditor.js';
import { PlanLimits } from './PlanLimits.js';

/** @param {{ plan: any, onEdit: () => void }} props */
function Plan({ plan, onEdit }) {
  const byDefault = organization.value?.plan === plan.key;
  const ofVisitors = organization.value?.anonymous_plan === plan.key;
  return html`<${Card}
    title=${html`<span class="plan-title">${plan.key}
      ${byDefault && html`<${Chip} tone="near">Default<//>`} ${ofVisitors && html`<${Chip} tone="near" icon="globe">Visitors<//>`}
      ${plan.managed_by === 'apply' && html`<${Chip} tone="idle" icon="log">From a plans file<//>`}
    </span>`}
    about=${`Priority ${plan.priority ?? 0} · ${(plan.limits ?? []).length} limits`}
    actions=${html`<a class="button" href=${href(`/subjects?plan=${encodeURIComponent(plan.key)}`)}><${Icon} name="subjects" />Who has it</a>
      ${
        mayChange.value &&
        wholeServer.value &&
        html`
        <button class="button" type="button" onClick=${onEdit}>
          <${Icon} name="edit" />Edit</button>
      `
      }`}
  >
    <${PlanLimits} plan=${plan} />
    ${plan.upgrade_url && html`<p class="plan-foot">Refusals lead to <code>${plan.upgrade_url}</code></p>`}
  <//>`;
}

/** What subjects may use: every plan, and what is limited by it. */
export function Plans() {
  const [adding, setAdding] = useState(false);
  const editing = param('edit');
  const { data, error, loading, reload } = useLoad((signal) => get('/api/v1/plans', { limit: 1000 }, signal), []);
  const plan = data?.plans.find((/** @type {any} */ one) => one.key === editing);
  function close() {
    setAdding(false);
    setQuery({ edit: null });
    reload();
  }
  return html`<${PageHead} title="Plans and limits" about="Limits, priorities and what happens when there is no room">
      ${
        mayChange.value &&
        wholeServer.value &&
        html`<button class="button primary" type="button" onClick=${() => setAdding(true)}><${Icon} name="plus" />New plan</button>`
      }
    <//>
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`}
    ${!data && loading && html`<${Card} title="Plans"><${Loading} lines=${6} /><//>`}
    ${
      data?.plans.length === 0 &&
      html`
        <${Card} title="">
          <${Empty} icon="limits" title="No plans yet">Without a plan nothing is limited. Make one here, or apply a plans file.<//>
        <//>
      `
    }
    <div class="grid plans">
      ${data?.plans.map((/** @type {any} */ one) => html`<${Plan} key=${one.key} plan=${one} onEdit=${() => setQuery({ edit: one.key })} />`)}
    </div>
    ${(adding || plan) && html`<${PlanEditor} key=${plan?.key ?? ''} plan=${plan} onClose=${close} />`}`;
}
