import { html } from '../lib/html.js';
import { integer, latency, money, percent, short, smallMoney, toNumber } from '../lib/format.js';
import { sums, valueOf } from '../lib/usage.js';
import { Spark } from '../charts/Spark.js';
import { Delta } from '../parts/Delta.js';

/** @param {{ label: string, value: any, full?: string, spark?: number[], color?: string, tone?: string, children?: any }} props */
function Kpi({ label, value, full, spark, color, tone, children }) {
  return html`<div class="kpi" data-tone=${tone}>
    <div class="kpi-label">${label}</div>
    <div class="kpi-value" title=${full}>${value}</div>
    <div class="kpi-note">${children}</div>
    ${spark && html`<${Spark} values=${spark} width=${240} height=${34} color=${color} />`}
  </div>`;
}

/**
 * The numbers that are looked at first, each with its shape and what it was before.
 *
 * @param {{ answer: any, range: import('../lib/range.js').Span }} props
 */
export function Kpis({ answer, range }) {
  if (!answer) {
    return html`
      <div
        class="kpis"
        role="status"
        aria-label="Loading"
      >${[0, 1, 2, 3, 4].map((i) => html`<div class="kpi" key=${i}><span class="bone line short"></span></div>`)}</div>
    `;
  }
  const now = answer.series[0].total;
  const before = answer.previous?.series[0]?.total ?? {};
  /** @param {string} meter */
  const compared = (meter) => ({ now: toNumber(valueOf(now[meter])), before: toNumber(valueOf(before[meter])) });
  const cost = compared('cost');
  const requests = compared('requests');
  const success = now.success_rate === null ? null : toNumber(valueOf(now.success_rate));
  return html`<div class="kpis">
    <${Kpi}
      label="Spend"
      value=${money(cost.now)}
      full=${`$${now.cost}`}
      spark=${sums(answer, 'cost')}
      color="var(--c0)"
    >
      <${Delta} ...${cost} good="down" /> vs ${range.before}
    <//>
    <${Kpi}
      label="Tokens"
      value=${short(now.tokens)}
      full=${integer(now.tokens)}
      spark=${sums(answer, 'tokens')}
      color="var(--c1)"
    >
      <${Delta} ...${compared('tokens')} /> ${short(now['tokens.input'])} in · ${short(now['tokens.output'])} out
    <//>
    <${Kpi}
      label="Requests"
      value=${short(requests.now)}
      full=${integer(requests.now)}
      spark=${sums(answer, 'requests')}
      color="var(--c4)"
    >
      <${Delta} ...${requests} />${requests.now > 0 && ` ${smallMoney(cost.now / requests.now)} per request`}
    <//>
    <${Kpi}
      label="Subjects"
      value=${integer(now.subjects)}
      spark=${answer.series[0].points.map((/** @type {any} */ point) => toNumber(point.values.subjects))}
      color="var(--c7)"
    >
      <${Delta} ...${compared('subjects')} />${now.subjects > 0 && ` ${smallMoney(cost.now / now.subjects)} each`}
    <//>
    <${Kpi}
      label="Success"
      tone=${success !== null && success < 0.95 ? 'bad' : undefined}
      value=${success === null ? '–' : percent(success)}
      spark=${sums(answer, 'errors')}
      color="var(--bad-bar)"
    >
      ${integer(now.errors)} errors${now.latency_ms && ` · ${latency(toNumber(valueOf(now.latency_ms)))} on average`}
    <//>
  </div>`;
}
