import { html, useMemo } from '../lib/html.js';
import { dateIn, plusDays } from '../lib/days.js';
import { integer, money, monthOf, percent, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { zone } from '../lib/range.js';
import { param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { ask, sums, totalOf } from '../lib/usage.js';
import { crosshair } from '../charts/crosshair.js';
import { StackedBars } from '../charts/StackedBars.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const MONTHS = 12;
const TOP = 25;
const HEIGHT = 220;
const METERS = ['cost', 'requests', 'tokens.input', 'tokens.output', 'errors'];

/** The months that can be looked at, the newest first. @param {string} today */
function months(today) {
  const list = [];
  let first = `${today.slice(0, 8)}01`;
  for (let i = 0; i < MONTHS; i++) {
    list.push(first.slice(0, 7));
    first = `${plusDays(first, -1).slice(0, 8)}01`;
  }
  return list;
}

/** @param {string} month @param {string} at @returns {import('../lib/range.js').Span} */
function whole(month, at) {
  const from = `${month}-01`;
  const next = `${plusDays(from, 31).slice(0, 8)}01`;
  return {
    name: 'custom',
    from,
    to: next,
    granularity: 'day',
    zone: at,
    words: monthOf(`${from}T12:00:00Z`, 'UTC'),
    before: 'the month before',
  };
}

/**
 * Everything the report tells, in four questions.
 *
 * @param {import('../lib/range.js').Span} range
 * @param {AbortSignal} signal
 */
async function report(range, signal) {
  /** @param {string} [groupBy] */
  const by = (groupBy) => ask({ meters: METERS, range, groupBy, top: TOP, granularity: 'total' }, signal);
  const [days, models, subjects, features] = await Promise.all([
    ask({ meters: METERS, range, compare: true }, signal),
    by('provider,model'),
    by('subject'),
    by('feature'),
  ]);
  return { days, models, subjects, features };
}

/** @param {{ title: string, answer: any, of: number }} props */
function Section({ title, answer, of }) {
  return html`<${Card} title=${title} name="report-section">
    <div class="table-scroll" tabindex="0" role="region" aria-label=${`Numbers ${title.toLowerCase()}`}>
    <table class="facts">
      <thead>
        <tr>
          <th scope="col">${title}</th>
          <th scope="col" class="right">Requests</th>
          <th scope="col" class="right">Input tokens</th>
          <th scope="col" class="right">Output tokens</th>
          <th scope="col" class="right">Spend</th>
          <th scope="col" class="right">Share</th>
        </tr>
      </thead>
      <tbody>
        ${answer.series.map(
          (/** @type {any} */ one) =>
            html`<tr key=${one.key}>
              <th scope="row">${one.key}</th>
              <td class="right number plain">${integer(one.total.requests)}</td>
              <td class="right number plain">${integer(one.total['tokens.input'])}</td>
              <td class="right number plain">${integer(one.total['tokens.output'])}</td>
              <td class="number">${money(one.total.cost)}</td>
              <td class="right number plain">${percent(of > 0 ? toNumber(one.total.cost) / of : 0)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    </div>
  <//>`;
}

/** A month of an organization on paper: print it, or save it as PDF by the browser. */
export function Report() {
  const at = zone();
  const today = dateIn(new Date(), at);
  const month = /^\d{4}-\d{2}$/.test(param('month')) ? param('month') : today.slice(0, 7);
  const range = whole(month, at);
  const cross = useMemo(crosshair, []);
  const { data, error, reload } = useLoad((signal) => report(range, signal), [organization.value?.key, month, at]);
  const total = data ? totalOf(data.days, 'cost') : 0;
  const now = data?.days.series[0]?.total ?? {};
  return html`<${PageHead}
      title="Monthly report"
      about=${html`${organization.value?.name ?? organization.value?.key}, <b>${range.words}</b>, days of ${at}`}
    >
      <label class="select">
        <span class="unseen">Month</span>
        <select value=${month} onChange=${(/** @type {any} */ event) => setQuery({ month: event.target.value })}>
          ${months(today).map(
            (one) => html`<option key=${one} value=${one}>${monthOf(`${one}-15T12:00:00Z`, 'UTC')}</option>`,
          )}
        </select>
        <${Icon} name="chevron" size=${14} />
      </label>
      <button class="button primary" type="button" onClick=${() => print()}><${Icon} name="print" />Print</button>
    <//>
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`}
    ${!data && !error && html`<${Card} title="Spend"><${Loading} height=${HEIGHT} /><//>`}
    ${data && total === 0 && html`<${Card} title=""><${Empty} icon="log" title="Nothing was used">In ${range.words}.<//><//>`}
    ${
      data &&
      total > 0 &&
      html`<${Card}
        title=${money(total)}
        about=${html`${integer(now.requests)} requests, ${integer(now['tokens.input'])} tokens in,
        ${' '}${integer(now['tokens.output'])} out, ${integer(now.errors)} errors
        ${
          data.days.previous &&
          html`, <${Delta} now=${total} before=${totalOf(data.days.previous, 'cost')} good="down" /> on the month before`
        }`}
      >
        <${StackedBars}
          label="Spend by day"
          height=${HEIGHT}
          buckets=${data.days.buckets}
          meter="cost"
          at=${cross}
          stacks=${[{ key: 'Spend', color: 'var(--accent)', values: sums(data.days, 'cost') }]}
        />
      <//>
      <${Section} title="By model" answer=${data.models} of=${total} />
      <${Section} title="By subject" answer=${data.subjects} of=${total} />
      <${Section} title="By feature" answer=${data.features} of=${total} />`
    }`;
}
