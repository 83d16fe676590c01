import { html, useState } from '../lib/html.js';
import { get, getTagged, send } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { organization } from '../lib/session.js';
import { Dialog } from '../parts/Dialog.js';
import { Field } from '../parts/Field.js';
import { Icon } from '../parts/Icon.js';
import { tell } from '../parts/toast.js';
import { LimitEditor } from './LimitEditor.js';

const AFFECTED_SHOWN_MAX = 1000;

/** A limit as a new one begins. */
const NEW_LIMIT = { key: '', meter: 'requests', per: 'subject', window: 'day', max: 100 };

/**
 * Who has the plan now, so that nobody is surprised.
 *
 * @param {{ plan: any }} props
 */
function Affected({ plan }) {
  const { data } = useLoad(
    (signal) => get('/api/v1/subjects', { plan: plan.key, limit: AFFECTED_SHOWN_MAX }, signal),
    [plan.key],
  );
  if (!data) {
    return null;
  }
  const many = data.next_cursor ? `more than ${data.subjects.length}` : String(data.subjects.length);
  const names = data.subjects.slice(0, 4).map((/** @type {any} */ one) => one.name ?? one.key);
  const more = data.subjects.length - names.length;
  return html`<div class="notice" data-tone=${data.subjects.length > 0 ? 'warn' : 'idle'}>
    <${Icon} name="subjects" />
    <span>
      Goes at once for <b>${many} declared subject${data.subjects.length === 1 ? '' : 's'}</b> of
      ${' '}${organization.value?.name ?? organization.value?.key}${names.length > 0 && `: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`}.
      ${organization.value?.plan === plan.key && ' It is the default: subjects made on the fly have it too.'}
    </span>
  </div>`;
}

/** @param {any} limit as it is edited */
function cleaned(limit) {
  const max = String(limit.max).trim();
  return { ...limit, max: /^\d+$/.test(max) ? Number(max) : max };
}

/**
 * One plan with all of its limits.
 *
 * @param {{ plan?: any, onClose: () => void }} props nothing for a new one
 */
export function PlanEditor({ plan, onClose }) {
  const [draft, setDraft] = useState(() => structuredClone(plan ?? { key: '', priority: 0, limits: [NEW_LIMIT] }));
  const [error, setError] = useState(/** @type {any} */ (null));
  const tagged = useLoad(
    (signal) => (plan ? getTagged(`/api/v1/plans/${encodeURIComponent(plan.key)}`, signal) : Promise.resolve(null)),
    [plan?.key],
  );
  const limits = draft.limits ?? [];

  /** @param {Record<string, unknown>} changes */
  function change(changes) {
    setDraft({ ...draft, ...changes });
    setError(null);
  }
  /** @param {number} at @param {any} limit nothing takes it out */
  function changeLimit(at, limit) {
    const next = [...limits];
    next.splice(at, 1, ...(limit ? [limit] : []));
    change({ limits: next });
  }
  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const body = { ...draft, priority: Number(draft.priority ?? 0), limits: limits.map(cleaned) };
    if (!body.upgrade_url) {
      delete body.upgrade_url;
    }
    try {
      if (plan) {
        await send('PUT', `/api/v1/plans/${encodeURIComponent(plan.key)}`, body, tagged.data?.tag ?? '*');
      } else {
        await send('POST', '/api/v1/plans', body);
      }
      tell(plan ? 'The plan is changed; it goes for the next call.' : 'The plan is there.');
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  const at = /^\/limits\/(\d+)/.exec(error?.pointer ?? '');
  return html`<${Dialog} wide title=${plan ? `Edit ${plan.key}` : 'New plan'} onClose=${onClose}>
    <form onSubmit=${submit} class="plan-editor">
      ${plan && html`<${Affected} plan=${plan} />`}
      <div class="field-row three">
        <${Field} label="Key" error=${error && !at && !plan ? error.message : undefined}>
          ${(/** @type {any} */ ids) =>
            html`
              <input
                ...${ids}
                value=${draft.key}
                required
                disabled=${Boolean(plan)}
                placeholder="pro"
                onInput=${(/** @type {any} */ event) => change({ key: event.target.value })}
              />
            `}
        <//>
        <${Field} label="Priority" hint="Higher goes first in queues.">
          ${(/** @type {any} */ ids) =>
            html`
              <input
                ...${ids}
                type="number"
                value=${draft.priority ?? 0}
                onInput=${(/** @type {any} */ event) => change({ priority: event.target.value })}
              />
            `}
        <//>
        <${Field} label="Upgrade URL" hint="Where refusals lead.">
          ${(/** @type {any} */ ids) =>
            html`
              <input
                ...${ids}
                value=${draft.upgrade_url ?? ''}
                placeholder="/settings/billing"
                onInput=${(/** @type {any} */ event) => change({ upgrade_url: event.target.value })}
              />
            `}
        <//>
      </div>
      <h3>Limits</h3>
      ${limits.map(
        (/** @type {any} */ limit, /** @type {number} */ i) =>
          html`<${LimitEditor}
            key=${i}
            limit=${limit}
            error=${at && Number(at[1]) === i ? error.message : ''}
            onChange=${(/** @type {any} */ next) => changeLimit(i, next)}
          />`,
      )}
      <button class="button" type="button" onClick=${() => change({ limits: [...limits, NEW_LIMIT] })}>
        <${Icon} name="plus" size=${14} />Add a limit</button>
      ${
        error &&
        !at &&
        plan &&
        html`
        <div class="notice" data-tone="bad" role="alert">
          <${Icon} name="warn" />
          <span>${error.message}</span>
        </div>
      `
      }
      <footer class="dialog-foot">
        <button class="button" type="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" type="submit">${plan ? 'Change plan' : 'Make plan'}</button>
      </footer>
    </form>
  <//>`;
}
