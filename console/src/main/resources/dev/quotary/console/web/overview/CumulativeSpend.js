import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { money, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { organization } from '../lib/session.js';
import { sums } from '../lib/usage.js';
import { Lines } from '../charts/Lines.js';
import { Card } from '../parts/Card.js';
import { Empty, Loading } from '../parts/states.js';

const HEIGHT = 330;

/** @param {number[]} values */
function running(values) {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/**
 * What was spent from the beginning of the range on, beside the range before, and the organization's budget where it has one for a month.
 *
 * @param {{ answer: any, range: import('../lib/range.js').Span, at: any }} props
 */
export function CumulativeSpend({ answer, range, at }) {
  const { data: status } = useLoad((signal) => get('/api/v1/usage/status', {}, signal), [organization.value?.key]);
  const budget = status?.limits.find(
    (/** @type {any} */ limit) =>
      limit.meter === 'cost' && limit.window === 'month' && limit.scope.startsWith('organization:') && !limit.unlimited,
  );
  const now = answer ? running(sums(answer, 'cost')) : [];
  const before = answer?.previous ? running(sums(answer.previous, 'cost')) : [];
  const series = [{ key: 'This range', color: 'var(--accent)', values: now }];
  if (before.some((value) => value > 0)) {
    series.push({ key: 'Before', color: 'var(--c-other)', values: now.map((_, i) => before[i] ?? null), dashed: true });
  }
  return html`<${Card} title="Cumulative spend" about=${answer ? html`${money(now[now.length - 1] ?? 0)} in ${range.words}${before.length > 0 && html`, ${money(before[Math.min(now.length, before.length) - 1])} by this time before`}` : ' '}>
    ${
      !answer
        ? html`<${Loading} height=${HEIGHT} />`
        : now.length === 0 || now[now.length - 1] === 0
          ? html`<${Empty} icon="price" title="Nothing was spent">Costs are added up here, exactly.<//>`
          : html`
            <${Lines}
              label="Cumulative spend"
              area
              meter="cost"
              height=${HEIGHT}
              buckets=${answer.buckets}
              series=${series}
              at=${at}
              limit=${budget && range.name === 'month' ? { value: toNumber(budget.max), name: 'Budget' } : null}
            />
          `
    }
  <//>`;
}
