import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { href } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { counted } from '../lib/words.js';
import { Card } from '../parts/Card.js';
import { LimitRow } from '../parts/LimitRow.js';
import { QuotaKey } from '../parts/QuotaKey.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const SHOWN = 6;
const ATTENTION_PERCENT = 75;

/** @param {any} limit */
const counts = (limit) => !limit.unlimited && limit.state !== 'shadow';
/** @param {any} one @param {any} other */
const byPercent = (one, other) => other.percent - one.percent;

/**
 * The organization's own limits, and of everybody's the ones that are closest to their ends.
 *
 * @param {AbortSignal} signal
 */
async function closest(signal) {
  const [shared, subjects] = await Promise.all([
    get('/api/v1/usage/status', {}, signal),
    // Several servers on one database cannot rank everybody; then the shared limits are shown alone.
    get('/api/v1/admin/subjects', { sort: 'percent', limit: SHOWN }, signal).catch(() => ({ subjects: [] })),
  ]);
  const own = subjects.subjects.flatMap((/** @type {any} */ subject) => {
    const limits = subject.limits.filter(counts).sort(byPercent);
    return limits.length > 0 ? [{ limit: limits[0], subject }] : [];
  });
  const whole = shared.limits.filter(counts).map((/** @type {any} */ limit) => ({ limit, subject: null }));
  return [...whole, ...own].sort((one, other) => byPercent(one.limit, other.limit)).slice(0, SHOWN);
}

/** @param {{ subject: any }} props */
function Whose({ subject }) {
  if (!subject) {
    return organization.value?.name ?? 'The organization';
  }
  return html`<a href=${href(`/subjects/${encodeURIComponent(subject.key)}`)}>${subject.name ?? subject.key}</a>`;
}

/** @param {{ on: string }} props */
export function LimitsInDanger({ on }) {
  const { data, error, reload } = useLoad(closest, [on]);
  const attention = data?.filter((one) => one.limit.percent >= ATTENTION_PERCENT).length ?? 0;
  return html`<${Card}
    name="danger"
    title="Closest limits"
    about=${data ? (attention > 0 ? `${attention} of ${data.length} need attention` : 'None needs attention') : ' '}
    actions=${html`<a class="link" href="/console/subjects?sort=percent">All →</a>`}
  >
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${9} />`}
    ${data?.length === 0 && html`<${Empty} icon="limits" title="Nothing is limited">Give the organization a plan with limits.<//>`}
    ${
      data &&
      data.length > 0 &&
      html`<ul class="limits spread">
        ${data.map(
          ({ limit, subject }) =>
            html`<${LimitRow}
              key=${(subject?.key ?? '') + limit.limit}
              limit=${limit}
              zone=${organization.value?.time_zone}
              title=${html`<${Whose} subject=${subject} />`}
              note=${counted(limit)}
            />`,
        )}
      </ul>
      <${QuotaKey} />`
    }
  <//>`;
}
