import { html, useMemo, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { amount } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { span } from '../lib/range.js';
import { param, setQuery } from '../lib/router.js';
import { ask, totalOf, valuesOf } from '../lib/usage.js';
import { meterName } from '../lib/words.js';
import { crosshair } from '../charts/crosshair.js';
import { Legend } from '../charts/Legend.js';
import { StackedBars } from '../charts/StackedBars.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { RangePicker } from '../parts/RangePicker.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { EventDialog } from './EventDialog.js';
import { EventTable } from './Events.js';

const HEIGHT = 250;
const RECENT = 12;
const TOP = 7;

/**
 * What one subject used, over time and lately.
 *
 * @param {{ id: string, on: string }} props
 */
export function SubjectActivity({ id, on }) {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const [focus, setFocus] = useState(/** @type {string | null} */ (null));
  const at = useMemo(crosshair, []);
  const range = span();
  const meter = param('meter') || 'cost';
  const place = `${on} ${range.name} ${range.from} ${range.to} ${range.zone}`;
  const use = useLoad(
    (signal) =>
      ask({ meters: [meter], range, groupBy: 'model', top: TOP, compare: true, filter: { subject: id } }, signal),
    [place, meter],
  );
  const recent = useLoad((signal) => get('/api/v1/usage/events', { subject: id, limit: RECENT }, signal), [on]);
  const opened = param('event');
  const shown = use.data?.series.filter((one) => !hidden.has(one.key)) ?? [];
  const total = use.data ? totalOf(use.data, meter) : 0;
  return html`<${Card}
      title=${`${meterName(meter)} by model`}
      about=${use.data ? html`<b>${amount(meter, total)}</b> in ${range.words}${use.data.previous && html` <${Delta} now=${total} before=${totalOf(use.data.previous, meter)} good=${meter === 'cost' ? 'down' : 'none'} />`}` : ' '}
      actions=${html`<${Segmented} label="Meter" value=${meter} options=${[
        ['cost', 'Spend'],
        ['tokens', 'Tokens'],
        ['requests', 'Requests'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ meter: value === 'cost' ? null : value })} /><${RangePicker} />`}
    >
      ${use.error && html`<${Failed} error=${use.error} onRetry=${use.reload} />`} ${!use.data && !use.error && html`<${Loading} height=${HEIGHT} />`}
      ${use.data && total === 0 && html`<${Empty} icon="overview" title="Nothing was used">In ${range.words}.<//>`}
      ${
        use.data &&
        total > 0 &&
        html`<${StackedBars} label="Use by model" height=${HEIGHT} buckets=${use.data.buckets} meter=${meter} at=${at} focus=${focus} partial=${!range.to} stacks=${shown.map((one) => ({ key: one.key, color: one.color, values: valuesOf(one, meter) }))} />
        <${Legend}
          meter=${meter}
          hidden=${hidden}
          onHide=${setHidden}
          onFocus=${setFocus}
          series=${use.data.series.map((one) => ({ key: one.key, color: one.color, total: Number(one.total[meter]) }))}
        />`
      }
    <//>
    <${Card}
      title="Recent requests"
      about="With receipts"
      actions=${html`<a class="link" href=${`/console/events?subject=${encodeURIComponent(id)}`}>All events →</a>`}
    >
      ${recent.error && html`<${Failed} error=${recent.error} onRetry=${recent.reload} />`} ${!recent.data && !recent.error && html`<${Loading} lines=${5} />`}
      ${recent.data?.events.length === 0 && html`<${Empty} icon="events" title="No requests yet" />`}
      ${
        recent.data?.events.length > 0 &&
        html`
        <${EventTable}
          events=${recent.data.events}
          zone=${range.zone}
          withSubject=${false}
          onOpen=${(/** @type {string} */ event) => setQuery({ event })}
        />
      `
      }
    <//>
    ${opened && html`<${EventDialog} id=${opened} onClose=${() => setQuery({ event: null })} />`}`;
}
