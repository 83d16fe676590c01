import { html, useState } from '../lib/html.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { SearchBox } from '../parts/SearchBox.js';
import { Segmented } from '../parts/Segmented.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { PriceDetails } from './PriceDetails.js';

const SHOWN_MAX = 60;
const CLASSES = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cached_input', 'Cached'],
  ['cache_write_5m', 'Cache write'],
];

/** @param {any} row */
function standard(row) {
  const tier = row.tiers.standard ?? Object.values(row.tiers)[0] ?? {};
  return tier.normal ?? Object.values(tier)[0] ?? {};
}

/** @param {any} row @param {Date} now */
function stands(row, now) {
  if (row.until && new Date(row.until) <= now) {
    return { tone: 'idle', word: 'Past' };
  }
  return row.from && new Date(row.from) > now ? { tone: 'near', word: 'To come' } : { tone: 'ok', word: 'Now' };
}

/** @param {string | undefined} price */
const price = (price) => (price === undefined ? html`<span class="muted">–</span>` : `$${price}`);

/** @param {{ row: any, onOpen: () => void }} props */
function Row({ row, onOpen }) {
  const state = stands(row, new Date());
  const prices = standard(row);
  return html`<tr>
    <th scope="row">
      <button class="row-button" type="button" onClick=${onOpen}>${row.model}</button>
      <small>${row.provider}</small>
    </th>
    ${CLASSES.map(([name]) => html`<td class="right" key=${name}>${price(prices[name])}</td>`)}
    <td>
      <${Chip} tone=${state.tone}>${state.word}<//>
      <small>${[row.from && `from ${row.from.slice(0, 10)}`, row.until && `until ${row.until.slice(0, 10)}`].filter(Boolean).join(' ') || 'always'}</small>
    </td>
    <td class="muted">${row.adjustment !== '1' && html`<${Chip} tone="near">× ${row.adjustment}<//>`}</td>
  </tr>`;
}

/** The price book as it is declared, with dates: what calls cost, or what the organization is charged. */
export function Prices() {
  const [opened, setOpened] = useState(/** @type {any} */ (null));
  const [all, setAll] = useState(false);
  const q = param('q').toLowerCase();
  const provider = param('provider');
  const whose = param('whose') || 'charged';
  const key = organization.value?.key;
  const { data, error, reload } = useLoad(
    // An empty organization takes the one away that is named by itself: what calls cost the operator.
    (signal) => get('/api/v1/prices', whose === 'own' ? { organization: '' } : { organization: key }, signal),
    [whose, key],
  );
  const rows = data?.prices ?? [];
  const providers = [...new Set(rows.map((/** @type {any} */ row) => row.provider))].sort();
  const found = rows.filter(
    (/** @type {any} */ row) =>
      (!provider || row.provider === provider) && (!q || `${row.provider}/${row.model}`.toLowerCase().includes(q)),
  );
  return html`<${PageHead} title="Prices" about="US dollars per million tokens, dated, with where they come from" />
    <${Card}
      title=${`${found.length} rows`}
      about="The closest match of provider, model and date goes for a call"
      actions=${html`<${Segmented} label="Whose" value=${whose} options=${[
        ['charged', 'As charged'],
        ['own', 'Your cost'],
      ]} onChange=${(/** @type {string} */ value) => setQuery({ whose: value === 'charged' ? null : value })} />
        <label class="select"><span class="unseen">Provider</span>
          <select
            value=${provider}
            onChange=${(/** @type {any} */ event) => setQuery({ provider: event.target.value })}
          >
            <option value="">Every provider</option>
            ${providers.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
          </select><${Icon} name="chevron" size=${14} /></label>
        <${SearchBox}
          label="Search a model"
          value=${param('q')}
          onSearch=${(/** @type {string} */ text) => setQuery({ q: text })}
        />`}
    >
      ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${10} />`}
      ${data && found.length === 0 && html`<${Empty} icon="search" title="No such price">Search by provider or model.<//>`}
      ${
        found.length > 0 &&
        html`<div class="table-frame" tabindex="0" role="region" aria-label="Prices">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Model</th>${CLASSES.map(([name, text]) => html`<th scope="col" class="right" key=${name}>${text}</th>`)}<th scope="col">Holds</th>
              <th scope="col">Adjusted</th>
            </tr>
          </thead>
          <tbody>${found.slice(0, all ? found.length : SHOWN_MAX).map((/** @type {any} */ row) => html`<${Row} key=${row.row} row=${row} onOpen=${() => setOpened(row)} />`)}</tbody>
        </table>
      </div>`
      }
      ${
        !all &&
        found.length > SHOWN_MAX &&
        html`
        <footer class="pager">
          <button class="button" type="button" onClick=${() => setAll(true)}>Show all ${found.length}</button>
        </footer>
      `
      }
    <//>
    ${opened && html`<${PriceDetails} row=${opened} onClose=${() => setOpened(null)} />`}`;
}
