import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { integer, money, percent, short, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { href } from '../lib/router.js';
import { ask, totalOf, valuesOf } from '../lib/usage.js';
import { limitState } from '../lib/words.js';
import { colors } from '../charts/scale.js';
import { Spark } from '../charts/Spark.js';
import { Avatar } from '../parts/Avatar.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { QuotaBar } from '../parts/QuotaBar.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const SHOWN = 10;
const PAIRS_MAX = 120;

/** @param {any[]} limits */
function closest(limits) {
  const counting = limits.filter(
    (limit) => limit.scope.startsWith('subject:') && !limit.unlimited && limit.state !== 'shadow',
  );
  return counting.length === 0 ? null : counting.reduce((one, other) => (other.percent > one.percent ? other : one));
}

/** How somebody stands; nothing of it where the server knows nobody of that key. @param {string} key @param {AbortSignal} signal */
async function known(key, signal) {
  const [status, subject] = await Promise.all([
    get('/api/v1/usage/status', { subject: key }, signal).catch(() => null),
    get(`/api/v1/subjects/${encodeURIComponent(key)}`, {}, signal).catch(() => null),
  ]);
  return {
    limit: status ? closest(status.limits) : null,
    name: subject?.name ?? key,
    blocked: subject?.blocked ?? false,
  };
}

/**
 * Who used most, with what, and how close to the end of what.
 *
 * @param {import('../lib/range.js').Span} range @param {AbortSignal} signal
 */
async function top(range, signal) {
  const [bySubject, pairs] = await Promise.all([
    ask({ meters: ['cost', 'requests', 'tokens'], range, groupBy: 'subject', top: SHOWN, compare: true }, signal),
    ask({ meters: ['cost'], range, groupBy: 'subject,model', top: PAIRS_MAX, granularity: 'total' }, signal),
  ]);
  const named = bySubject.series.filter((one) => !one.other && one.value);
  const states = await Promise.all(named.map((one) => known(one.value, signal)));
  const split = pairs.series
    .filter((one) => !one.other)
    .map((/** @type {any} */ one) => ({
      subject: one.group.subject,
      model: one.group.model || 'none',
      cost: toNumber(one.total.cost),
    }));
  const hues = colors([...new Set(split.map((one) => one.model))]);
  return {
    whole: totalOf(bySubject, 'cost'),
    rows: named.map((one, i) => ({
      key: one.value,
      ...states[i],
      visitor: one.value.startsWith('anon'),
      total: one.total,
      before: toNumber(
        bySubject.previous?.series.find((other) => other.value === one.value && !other.other)?.total.cost,
      ),
      spark: valuesOf(one, 'cost'),
      mix: split.filter((part) => part.subject === one.value).map((part) => ({ ...part, color: hues.get(part.model) })),
    })),
  };
}

/** @param {{ mix: any[], width: number }} props */
function Mix({ mix, width }) {
  const said = mix.map((part) => `${part.model} ${money(part.cost)}`).join(', ');
  return html`<span class="mix" role="img" aria-label=${said} style=${{ width: `${Math.max(5, width * 100)}%` }}>
    ${mix.map(
      (part) => html`
      <i
        key=${part.model}
        title=${`${part.model} ${money(part.cost)}`}
        style=${{ flexGrow: part.cost || 0.0001, background: part.color }}
      >
      </i>
    `,
    )}
  </span>`;
}

/** @param {{ row: any, most: number }} props */
function Row({ row, most }) {
  const cost = toNumber(row.total.cost);
  const state = row.limit && limitState(row.limit);
  return html`<tr>
    <th scope="row">
      <span class="named">
        <${Avatar} name=${row.name} visitor=${row.visitor} />
        <span>
          <a href=${href(`/subjects/${encodeURIComponent(row.key)}`)}>${row.name}</a>
          <small>${row.blocked ? 'blocked' : row.key}</small>
        </span>
      </span>
    </th>
    <td class="right" title=${integer(row.total.requests)}>${short(row.total.requests)}</td>
    <td class="right" title=${integer(row.total.tokens)}>${short(row.total.tokens)}</td>
    <td class="mix-cell"><${Mix} mix=${row.mix} width=${cost / most} /></td>
    <td class="right strong">${money(cost)}</td>
    <td class="right"><${Delta} now=${cost} before=${row.before} good="down" /></td>
    <td>
      ${
        row.limit
          ? html`
            <span class="closest" data-tone=${state.tone}>
              <${QuotaBar} limit=${row.limit} thin />
              <span class="number">${percent(row.limit.percent / 100)}</span>
            </span>
          `
          : html`<span class="muted">No limit</span>`
      }
    </td>
    <td class="right">
      <${Spark} values=${row.spark} width=${92} height=${24} color="var(--faint)" filled=${false} />
    </td>
  </tr>`;
}

/** @param {{ range: import('../lib/range.js').Span, on: string }} props */
export function TopSubjects({ range, on }) {
  const { data, error, reload } = useLoad((signal) => top(range, signal), [on]);
  const most = Math.max(...(data?.rows.map((row) => toNumber(row.total.cost)) ?? []), 1e-9);
  return html`<${Card}
    title="Top subjects"
    about=${data ? `By spend, of ${money(data.whole)} in ${range.words}` : ' '}
    actions=${html`<a class="link" href="/console/subjects">All subjects →</a>`}
  >
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${8} />`}
    ${data?.rows.length === 0 && html`<${Empty} icon="subjects" title="Nobody used anything">Whoever does is ranked here by spend.<//>`}
    ${
      data &&
      data.rows.length > 0 &&
      html`<div class="table-frame" tabindex="0" role="region" aria-label="Subjects by spend">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col" class="right">Requests</th>
            <th scope="col" class="right">Tokens</th>
            <th scope="col">Mix by model</th>
            <th scope="col" class="right">Spend</th>
            <th scope="col" class="right">Change</th>
            <th scope="col">Closest limit</th>
            <th scope="col" class="right">Trend</th>
          </tr>
        </thead>
        <tbody>
          ${data.rows.map((row) => html`<${Row} key=${row.key} row=${row} most=${most} />`)}
        </tbody>
      </table>
    </div>`
    }
  <//>`;
}
