import { html, useEffect, useState } from '../lib/html.js';
import { amount, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { useMedia } from '../lib/media.js';
import { setQuery } from '../lib/router.js';
import { ask, totalOf, valuesOf } from '../lib/usage.js';
import { meterName } from '../lib/words.js';
import { Legend } from '../charts/Legend.js';
import { StackedBars } from '../charts/StackedBars.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { Icon } from '../parts/Icon.js';
import { Segmented } from '../parts/Segmented.js';
import { SeriesTable } from '../parts/SeriesTable.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const TOP = 7;
const GROUPS = [
  ['model', 'model'],
  ['provider', 'provider'],
  ['feature', 'feature'],
  ['subject', 'subject'],
  ['api_key', 'API key'],
];
const HEIGHT = 300;
/** Beside the limits, which are higher. */
const HEIGHT_WIDE = 416;

/** @param {{ group: string, meter: string }} props */
function Title({ group, meter }) {
  return html`${meterName(meter)} by${' '}
    <label class="inline-select"><span class="unseen">Group by</span>
      <select value=${group} onChange=${(/** @type {any} */ event) => setQuery({ by: event.target.value })}>
        ${GROUPS.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
      </select><${Icon} name="chevron" size=${14} />
    </label>`;
}

/**
 * What was used, stacked by one dimension, bucket by bucket.
 *
 * @param {{ range: import('../lib/range.js').Span, at: any, on: string, group: string, meter: string }} props
 */
export function UsageOverTime({ range, at, on, group, meter }) {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const [focus, setFocus] = useState(/** @type {string | null} */ (null));
  const [asTable, setAsTable] = useState(false);
  const height = useMedia('(min-width: 1241px)') ? HEIGHT_WIDE : HEIGHT;
  useEffect(() => setHidden(new Set()), [group]);
  const { data, error, reload } = useLoad(
    (signal) => ask({ meters: [meter], range, groupBy: group, top: TOP, compare: true }, signal),
    [on, group, meter],
  );
  const shown = data?.series.filter((one) => !hidden.has(one.key)) ?? [];
  const total = data ? totalOf({ series: shown }, meter) : 0;
  const before = data?.previous
    ? totalOf({ series: data.previous.series.filter((one) => !hidden.has(one.key)) }, meter)
    : 0;
  const explorer = new URLSearchParams({ by: group, meter, ...(range.name === '30d' ? {} : { range: range.name }) });
  return html`<${Card}
    title=${html`<${Title} group=${group} meter=${meter} />`}
    actions=${html`<${Segmented} label="Meter" value=${meter} options=${[
      ['cost', 'Spend'],
      ['tokens', 'Tokens'],
      ['requests', 'Requests'],
    ]} onChange=${(/** @type {string} */ value) => setQuery({ meter: value })} />
      <button
        class="button icon"
        type="button"
        aria-pressed=${asTable}
        aria-label="Show as table"
        title="Show as table"
        onClick=${() => setAsTable(!asTable)}
      >
        <${Icon} name="table" />
      </button>
      <a class="button icon" href=${`/console/explorer?${explorer}`} aria-label="Explore" title="Explore">
        <${Icon} name="explore" />
      </a>`}
  >
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} height=${height} />`}
    ${
      data &&
      (data.series.length === 0 || totalOf(data, meter) === 0
        ? html`<${Empty} icon="overview" title="Nothing was used">What is used in ${range.words} is shown here within a second.<//>`
        : html`<div class="sum"><b>${amount(meter, total)}</b><${Delta} now=${total} before=${before} good=${meter === 'cost' ? 'down' : 'none'} /><span class="muted">vs ${range.before}</span></div>
          ${
            asTable
              ? html`<${SeriesTable} answer=${data} meter=${meter} />`
              : html`
                <${StackedBars}
                  label=${`${meterName(meter)} by ${group}`}
                  height=${height}
                  buckets=${data.buckets}
                  stacks=${shown.map((one) => ({ key: one.key, color: one.color, values: valuesOf(one, meter) }))}
                  meter=${meter}
                  at=${at}
                  focus=${focus}
                  partial=${!range.to}
                />
              `
          }
          <${Legend}
            meter=${meter}
            hidden=${hidden}
            onHide=${setHidden}
            onFocus=${setFocus}
            series=${data.series.map((one) => ({ key: one.key, color: one.color, total: toNumber(one.total[meter]) }))}
          />`)
    }
  <//>`;
}
