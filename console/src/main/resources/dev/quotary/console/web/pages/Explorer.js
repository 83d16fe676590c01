import { html, useEffect, useMemo, useState } from '../lib/html.js';
import { download } from '../lib/download.js';
import { amount, latency, percent, toNumber } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { span } from '../lib/range.js';
import { param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { ask, question, totalOf, valueOf, valuesOf } from '../lib/usage.js';
import { crosshair } from '../charts/crosshair.js';
import { Legend } from '../charts/Legend.js';
import { Lines } from '../charts/Lines.js';
import { StackedBars } from '../charts/StackedBars.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { RangePicker } from '../parts/RangePicker.js';
import { SeriesTable } from '../parts/SeriesTable.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { tell } from '../parts/toast.js';
import { Filters } from '../explore/Filters.js';
import { Groups } from '../explore/Groups.js';
import { MEASURES, measure } from '../explore/measures.js';

const HEIGHT = 380;
const TOPS = ['5', '8', '20', '50'];

/** @param {{ label: string, value: string, options: string[][], onChange: (value: string) => void }} props */
function Choice({ label, value, options, onChange }) {
  return html`<label class="choice">
    <span>${label}</span>
    <span class="select">
      <select value=${value} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
        ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text ?? key}</option>`)}
      </select><${Icon} name="chevron" size=${14} />
    </span>
  </label>`;
}

/**
 * The series as lines, and beside a single one what it was before, dashed. Where there is nothing, there is a gap.
 *
 * @param {any} answer @param {any[]} shown @param {string} meter
 */
function lines(answer, shown, meter) {
  /** @param {any} series */
  const values = (series) =>
    series.points.map((/** @type {any} */ point) => {
      const value = valueOf(point.values[meter]);
      return value === null ? null : toNumber(value);
    });
  const now = shown.map((one) => ({ key: one.key, color: one.color, values: values(one) }));
  const before = shown.length === 1 && answer.previous?.series[0];
  return before ? [...now, { key: 'Before', color: 'var(--c-other)', values: values(before), dashed: true }] : now;
}

/** Any question about use, as a chart and as a table; all of it in the address. */
export function Explorer() {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const [focus, setFocus] = useState(/** @type {string | null} */ (null));
  const at = useMemo(crosshair, []);
  const range = span();
  const meter = param('meter') || 'cost';
  const by = param('by');
  const known = measure(meter);
  const filter = Object.fromEntries(
    ['provider', 'model', 'feature', 'subject', 'outcome']
      .map((name) => [name, param(name)])
      .filter(([, value]) => value),
  );
  const granularity = param('cut') || range.granularity;
  const asked = {
    meters: [meter],
    range,
    groupBy: by || undefined,
    top: Number(param('top') || 8),
    compare: param('compare') === 'previous',
    filter,
    granularity,
  };
  const { data, error, loading, reload } = useLoad(
    (signal) => ask(asked, signal),
    [organization.value?.key, JSON.stringify(asked)],
  );
  useEffect(() => setHidden(new Set()), [by, meter]);
  const shown = data?.series.filter((one) => !hidden.has(one.key)) ?? [];
  const before = data?.previous ? totalOf({ series: data.previous.series }, meter) : null;
  /** @param {number} value */
  const format = (value) =>
    known.unit === 'millis' ? latency(value) : known.unit === 'share' ? percent(value) : amount(meter, value);
  const nothing =
    data &&
    (data.series.length === 0 ||
      data.series.every((one) => valueOf(one.total[meter]) === null || toNumber(valueOf(one.total[meter])) === 0));

  async function csv() {
    try {
      await download(
        '/api/v1/usage/query',
        question(asked),
        'text/csv',
        `usage-${meter}-${range.from.slice(0, 10)}.csv`,
      );
    } catch (failure) {
      tell(failure instanceof Error ? failure.message : String(failure), 'bad');
    }
  }
  return html`<${PageHead} title="Explorer" about=${html`${known.name}, <b>${range.words}</b>`}>
      <${RangePicker} />
      <button class="button" type="button" onClick=${csv}><${Icon} name="download" />CSV</button>
    <//>
    <section class="card explore-bar" aria-label="Question">
      <${Choice}
        label="Measure"
        value=${meter}
        options=${MEASURES.map((one) => [one.key, one.name])}
        onChange=${(/** @type {string} */ value) => setQuery({ meter: value === 'cost' ? null : value })}
      />
      <${Choice} label="Split by" value=${by} options=${[
        ['', 'nothing'],
        ['model', 'model'],
        ['provider', 'provider'],
        ['feature', 'feature'],
        ['subject', 'subject'],
        ['api_key', 'API key'],
        ['session', 'session'],
        ['workflow', 'workflow'],
        ['outcome', 'outcome'],
        ['provider,model', 'provider and model'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ by: value })} />
      <${Choice} label="In steps of" value=${granularity} options=${[
        ['minute', 'minutes'],
        ['hour', 'hours'],
        ['day', 'days'],
        ['week', 'weeks'],
        ['month', 'months'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ cut: value === range.granularity ? null : value })} />
      ${
        by &&
        html`
        <${Choice}
          label="Tell apart"
          value=${param('top') || '8'}
          options=${TOPS.map((one) => [one, `top ${one}`])}
          onChange=${(/** @type {string} */ value) => setQuery({ top: value === '8' ? null : value })}
        />
      `
      }
      <${Choice} label="Compare" value=${param('compare')} options=${[
        ['', 'with nothing'],
        ['previous', 'with before'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ compare: value })} />
      <${Filters} filter=${filter} />
    </section>
    <${Card}
      title=${by ? `${known.name} by ${by.replaceAll('_', ' ').replace(',', ' and ')}` : known.name}
      about=${data && known.adds ? html`<b>${format(totalOf(data, meter))}</b> in all${before !== null && html`, ${format(before)} before <${Delta} now=${totalOf(data, meter)} before=${before} />`}` : 'Does not add up: each value stands for itself'}
    >
      ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && loading && html`<${Loading} height=${HEIGHT} />`}
      ${nothing && html`<${Empty} icon="explore" title="Nothing matches">Take a filter away, or look at a longer time.<//>`}
      ${
        data &&
        !nothing &&
        html`${
          known.adds
            ? html`
              <${StackedBars}
                label=${known.name}
                height=${HEIGHT}
                buckets=${data.buckets}
                meter=${meter}
                at=${at}
                focus=${focus}
                partial=${!range.to}
                stacks=${shown.map((one) => ({ key: one.key, color: one.color, values: valuesOf(one, meter) }))}
              />
            `
            : html`
              <${Lines}
                label=${known.name}
                height=${HEIGHT}
                buckets=${data.buckets}
                meter=${meter}
                at=${at}
                format=${format}
                series=${lines(data, shown, meter)}
              />
            `
        }`
      }
    <//>
    ${data && !nothing && html`<${Groups} answer=${data} meter=${meter} by=${by} format=${format} adds=${known.adds} />`}
    ${
      data &&
      !nothing &&
      html`
      <${Card} title="Numbers" about="Every digit, bucket by bucket">
        <${SeriesTable} answer=${data} meter=${meter} />
      <//>
    `
    }`;
}
