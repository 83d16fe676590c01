import { html, useEffect, useState } from '../lib/html.js';
import { get, getTagged, send } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { mayChange, organization } from '../lib/session.js';
import { Avatar } from '../parts/Avatar.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { LimitRow } from '../parts/LimitRow.js';
import { PageHead } from '../parts/PageHead.js';
import { QuotaKey } from '../parts/QuotaKey.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { tell } from '../parts/toast.js';
import { ChangePlan } from './ChangePlan.js';
import { OverrideDialog } from './OverrideDialog.js';
import { Overrides } from './Overrides.js';
import { PortalLink } from './PortalLink.js';
import { Resets } from './Resets.js';
import { ResetDialog } from './ResetDialog.js';
import { SubjectActivity } from './SubjectActivity.js';

const REFRESH_MILLIS = 5_000;

/** @param {string} id */
const pathOf = (id) => `/api/v1/subjects/${encodeURIComponent(id)}`;

/**
 * Why the limit is what it is.
 *
 * @param {{ limit: any, subject: any }} props
 */
function Origin({ limit, subject }) {
  const own = subject.overrides.some((/** @type {any} */ one) => one.limit === limit.limit);
  const shared = (organization.value?.overrides ?? []).some((/** @type {any} */ one) => one.limit === limit.limit);
  if (own) {
    return html`<${Chip} tone="near">Override<//>`;
  }
  if (shared) {
    return html`<${Chip} tone="near">Organization's override<//>`;
  }
  return limit.scope.startsWith('organization:')
    ? html`<${Chip} tone="idle">Shared<//>`
    : html`<${Chip} tone="idle">From plan<//>`;
}

/** @param {{ status: any, subject: any, onOverride: (limit: string) => void }} props */
function Limits({ status, subject, onOverride }) {
  if (status.limits.length === 0) {
    return html`<${Empty} icon="infinite" title="Nothing is limited">This subject has no plan, or one without limits.<//>`;
  }
  const zone = organization.value?.time_zone;
  return html`<ul class="limits columns">
      ${status.limits.map(
        (/** @type {any} */ limit) =>
          html`<${LimitRow}
            key=${limit.limit + limit.scope}
            limit=${limit}
            zone=${zone}
            badge=${html`<${Origin} limit=${limit} subject=${subject} />`}
            actions=${
              mayChange.value &&
              html`<button
              class="button icon plain"
              type="button"
              aria-label=${`Override ${limit.limit}`}
              title="Override"
              onClick=${() => onOverride(limit.limit)}
            >
              <${Icon} name="edit" size=${14} />
            </button>`
            }
          />`,
      )}
    </ul>
    <${QuotaKey} />`;
}

/** @param {{ subject: any, onDone: () => void, onAsk: (what: string) => void }} props */
function Actions({ subject, onDone, onAsk }) {
  async function switchBlock() {
    const verb = subject.blocked ? 'unblock' : 'block';
    try {
      await send('POST', `${pathOf(subject.key)}/${verb}`, {});
      tell(
        subject.blocked
          ? 'Unblocked: calls are decided by the limits again.'
          : 'Blocked: every call is refused from now on.',
      );
      onDone();
    } catch (failure) {
      tell(failure instanceof Error ? failure.message : String(failure), 'bad');
    }
  }
  return html`<button class="button" type="button" onClick=${() => onAsk('portal')}><${Icon} name="link" />Portal link</button>
    <button class="button" type="button" onClick=${() => onAsk('plan')}><${Icon} name="edit" />Change plan</button>
    <button class="button" type="button" onClick=${() => onAsk('reset')}><${Icon} name="reset" />Reset</button>
    <button class=${`button ${subject.blocked ? '' : 'danger'}`} type="button" onClick=${switchBlock}>
      <${Icon} name=${subject.blocked ? 'check' : 'stop'} />${subject.blocked ? 'Unblock' : 'Block'}
    </button>`;
}

/** One subject from all sides. */
export function Subject({ id }) {
  const [asking, setAsking] = useState('');
  const key = organization.value?.key;
  const subject = useLoad((signal) => getTagged(pathOf(id), signal), [id, key]);
  const status = useLoad((signal) => get('/api/v1/usage/status', { subject: id }, signal), [id, key]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && status.reload(), REFRESH_MILLIS);
    return () => clearInterval(timer);
  }, [status.reload]);

  function reload() {
    subject.reload();
    status.reload();
  }
  function close() {
    setAsking('');
    reload();
  }
  const failure = subject.error ?? status.error;
  if (failure && !(subject.data && status.data)) {
    return html`<${PageHead} title=${id} /><${Failed} error=${failure} onRetry=${reload} />`;
  }
  if (!subject.data || !status.data) {
    return html`<${PageHead} title=${id} /><${Card} title="Limits"><${Loading} lines=${6} /><//>`;
  }
  const { value, tag } = subject.data;
  const name = value.name ?? value.key;
  const about = html`<span class="subject-facts">
    ${value.blocked ? html`<${Chip} tone="bad" icon="stop">Blocked<//>` : html`<${Chip} tone="ok" icon="check">Active<//>`}
    <span><code>${value.key}</code></span>
    <span>Plan <b>${value.effective_plan ?? 'none'}</b>${value.plan ? '' : ', from the organization'}</span>
    ${!value.declared && html`<span>made on the fly</span>`}
  </span>`;
  return html`<nav class="crumbs" aria-label="Way back"><a href="/console/subjects">Subjects</a><${Icon} name="right" size=${12} /><span>${name}</span></nav>
    <${PageHead}
      title=${html`<span class="titled"><${Avatar} name=${name} size="large" /><span>${name}</span></span>`}
      about=${about}
    >
      ${mayChange.value && html`<${Actions} subject=${value} onDone=${reload} onAsk=${setAsking} />`}
    <//>
    ${
      value.blocked &&
      html`<div class="notice" data-tone="bad" role="status">
      <${Icon} name="stop" />
      <span>
        <b>${name} is blocked.</b> Every call is refused with 403 until somebody unblocks it.</span>
    </div>`
    }
    <${Card} title="Limits" about=${`${status.data.limits.length} apply to its calls now`}>
      <${Limits}
        status=${status.data}
        subject=${value}
        onOverride=${(/** @type {string} */ limit) => setAsking(`override:${limit}`)}
      />
    <//>
    <${SubjectActivity} id=${id} on=${`${key} ${id}`} />
    <div class="grid halves">
      <${Overrides} subject=${value} onChanged=${reload} onAdd=${() => setAsking('override:')} />
      <${Resets} id=${id} key=${status.data.at.slice(0, 16)} />
    </div>
    ${asking === 'plan' && html`<${ChangePlan} subject=${value} tag=${tag} onClose=${close} />`}
    ${asking === 'reset' && html`<${ResetDialog} subject=${value} limits=${status.data.limits} onClose=${close} />`}
    ${asking === 'portal' && html`<${PortalLink} subject=${value} onClose=${() => setAsking('')} />`}
    ${
      asking.startsWith('override:') &&
      html`<${OverrideDialog} subject=${value} limits=${status.data.limits} chosen=${asking.slice(9)} onClose=${close} />`
    }`;
}
