import { html, useMemo, useState } from '../lib/html.js';
import { amount, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { dateIn, plusDays } from '../lib/days.js';
import { download } from '../lib/download.js';
import { ask, question, totalOf, valuesOf } from '../lib/usage.js';
import { crosshair } from '../charts/crosshair.js';
import { Legend } from '../charts/Legend.js';
import { StackedBars } from '../charts/StackedBars.js';
import { Card } from '../parts/Card.js';
import { Icon } from '../parts/Icon.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const HEIGHT = 230;
const TOP = 6;

/** @param {number} days */
function lastDays(days) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const from = plusDays(dateIn(new Date(), zone), 1 - days);
  return {
    name: `${days}d`,
    from,
    to: undefined,
    granularity: /** @type {const} */ ('day'),
    zone,
    words: `the last ${days} days`,
    before: 'before',
  };
}

/** What the end user used, day by day. @param {{ on: string }} props */
export function History({ on }) {
  const [days, setDays] = useState('30');
  const [meter, setMeter] = useState('cost');
  const [by, setBy] = useState('model');
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const [focus, setFocus] = useState(/** @type {string | null} */ (null));
  const at = useMemo(crosshair, []);
  const asked = { meters: [meter], range: lastDays(Number(days)), groupBy: by, top: TOP };
  const { data, error, reload } = useLoad((signal) => ask(asked, signal), [on, days, meter, by]);
  const total = data ? totalOf(data, meter) : 0;
  const shown = data?.series.filter((one) => !hidden.has(one.key)) ?? [];
  return html`<${Card}
    title="History"
    about=${data ? html`<b>${amount(meter, total)}</b> in the last ${days} days` : ' '}
    actions=${html`<${Segmented} label="Meter" value=${meter} options=${[
      ['cost', 'Spend'],
      ['tokens', 'Tokens'],
      ['requests', 'Requests'],
    ]} onChange=${setMeter} />
      <${Segmented} label="Split by" value=${by} options=${[
        ['model', 'Model'],
        ['feature', 'Feature'],
      ]} onChange=${(/** @type {string} */ value) => {
        setBy(value);
        setHidden(new Set());
      }} />
      <${Segmented} label="Range" value=${days} options=${[
        ['7', '7d'],
        ['30', '30d'],
        ['90', '90d'],
      ]} onChange=${setDays} />
      <button
        class="button icon"
        type="button"
        aria-label="Download as CSV"
        title="Download as CSV"
        onClick=${() => download('/api/v1/usage/query', question(asked), 'text/csv', 'usage.csv')}
      >
        <${Icon} name="download" />
      </button>`}
  >
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} height=${HEIGHT} />`}
    ${data && total === 0 && html`<${Empty} icon="overview" title="Nothing was used">In the last ${days} days.<//>`}
    ${
      data &&
      total > 0 &&
      html`<${StackedBars} label="Your use" height=${HEIGHT} buckets=${data.buckets} meter=${meter} at=${at} focus=${focus} partial stacks=${shown.map((one) => ({ key: one.key, color: one.color, values: valuesOf(one, meter) }))} />
      <${Legend}
        meter=${meter}
        hidden=${hidden}
        onHide=${setHidden}
        onFocus=${setFocus}
        series=${data.series.map((one) => ({ key: one.key, color: one.color, total: toNumber(one.total[meter]) }))}
      />`
    }
  <//>`;
}
