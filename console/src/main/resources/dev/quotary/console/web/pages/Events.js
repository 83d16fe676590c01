import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { clock, dayLong, integer, latency, smallMoney, exactMoney } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { span } from '../lib/range.js';
import { href, param, setQuery } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Chip } from '../parts/Chip.js';
import { Icon } from '../parts/Icon.js';
import { PageHead } from '../parts/PageHead.js';
import { Pager } from '../parts/Pager.js';
import { RangePicker } from '../parts/RangePicker.js';
import { SearchBox } from '../parts/SearchBox.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { Filters } from '../explore/Filters.js';
import { EventDialog } from './EventDialog.js';

const PAGE = 50;
const EVENT_ID = /^evt_[0-9a-f]{32}$/;
const OUTCOMES = {
  success: ['ok', 'check'],
  error: ['bad', 'warn'],
  cancelled: ['idle', 'stop'],
  interrupted: ['warn', 'clock'],
};

/** @param {{ outcome: string, type: string | null }} props */
export function Outcome({ outcome, type }) {
  const [tone, icon] = /** @type {any} */ (OUTCOMES)[outcome] ?? ['idle', 'check'];
  return html`<${Chip} tone=${tone} icon=${icon}>${outcome}<//>${type && html`<small>${type}</small>`}`;
}

/** @param {{ events: any[], zone: string, onOpen: (id: string) => void, withSubject?: boolean }} props */
export function EventTable({ events, zone, onOpen, withSubject = true }) {
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Events, newest first">
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          ${withSubject && html`<th scope="col">Subject</th>`}
          <th scope="col">Model</th>
          <th scope="col">Feature</th>
          <th scope="col" class="right">Requests</th>
          <th scope="col" class="right">Tokens in → out</th>
          <th scope="col" class="right">Latency</th>
          <th scope="col" class="right">Cost</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${events.map(
          (event) =>
            html`<tr key=${event.id}>
              <th scope="row">
                <button
                  class="row-button"
                  type="button"
                  onClick=${() => onOpen(event.id)}
                >${clock(event.time, zone)}</button>
                <small>${dayLong(event.time, zone)}</small>
              </th>
              ${withSubject && html`<td class="clip">${event.subject ? html`<a href=${href(`/subjects/${encodeURIComponent(event.subject)}`)}>${event.subject}</a>` : html`<span class="muted">none</span>`}</td>`}
              <td class="clip">${event.model ?? '–'}<small>${event.provider ?? ''}</small></td>
              <td class="clip">${event.feature ?? html`<span class="muted">–</span>`}</td>
              <td class="right">${integer(event.quantities.requests ?? 0)}</td>
              <td class="right">${integer(event.quantities['tokens.input'] ?? 0)} → ${integer(event.quantities['tokens.output'] ?? 0)}</td>
              <td class="right">${latency(event.latency_ms)}</td>
              <td
                class="right strong"
                title=${exactMoney(event.cost)}
              >${smallMoney(event.cost)}${event.corrected && html`<small>corrected</small>`}</td>
              <td><${Outcome} outcome=${event.outcome} type=${event.error_type} /></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Single events, searched, each with its receipt. */
export function Events() {
  const range = span();
  const cursor = param('cursor');
  const search = param('q');
  const filter = Object.fromEntries(
    ['provider', 'model', 'feature', 'subject', 'outcome']
      .map((name) => [name, param(name)])
      .filter(([, value]) => value),
  );
  const asked = EVENT_ID.test(search)
    ? { id: search }
    : { ...filter, from: range.from, to: range.to, time_zone: range.zone, cursor };
  const { data, error, reload } = useLoad(
    (signal) => get('/api/v1/usage/events', { ...asked, limit: PAGE }, signal),
    [organization.value?.key, JSON.stringify(asked)],
  );
  const opened = param('event');
  /** @param {string} text */
  function find(text) {
    const id = text.trim();
    setQuery({ q: EVENT_ID.test(id) ? id : null, cursor: null });
  }
  return html`<${PageHead} title="Events" about="What was recorded, call by call, with the arithmetic of its cost"><${RangePicker} /><//>
    <section class="card explore-bar" aria-label="Search">
      <${SearchBox} label="An event's id, evt_…" value=${search} onSearch=${find} />
      <${Filters} filter=${filter} />
    </section>
    <${Card}
      title="Events"
      about=${html`${range.words}, newest first`}
      actions=${html`<button class="button" type="button" onClick=${reload}><${Icon} name="reset" />Look again</button>`}
    >
      ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${10} />`}
      ${data?.events.length === 0 && html`<${Empty} icon="events" title="No events">Nothing that matches was recorded in ${range.words}.<//>`}
      ${
        data?.events.length > 0 &&
        html`
        <${EventTable}
          events=${data.events}
          zone=${range.zone}
          onOpen=${(/** @type {string} */ id) => setQuery({ event: id })}
        />
      `
      }
      <${Pager} cursor=${cursor} next=${data?.next_cursor} back="Newer" forth="Older" />
    <//>
    ${opened && html`<${EventDialog} id=${opened} onClose=${() => setQuery({ event: null })} />`}`;
}
