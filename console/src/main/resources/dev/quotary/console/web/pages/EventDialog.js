import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { exactMoney, integer, latency, moment } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { zone } from '../lib/range.js';
import { Chip } from '../parts/Chip.js';
import { Copy } from '../parts/Copy.js';
import { Dialog } from '../parts/Dialog.js';
import { Failed, Loading } from '../parts/states.js';
import { Receipt } from './Receipt.js';

const BASES = {
  book: 'from the price book',
  provider: 'as the provider says',
  named: 'as the caller says',
  held: 'what was held, as something used has no price',
  unpriced: 'no price is known',
  untold: 'nobody asked',
};
const SOURCES = {
  provider: "the provider's own numbers",
  partial: 'the provider, up to where it broke off',
  estimate: 'an estimate',
  reported: 'reported by the caller',
};

/** @param {{ name: string, value: any }} props */
function Fact({ name, value }) {
  return value === null || value === undefined || value === ''
    ? null
    : html`<tr><th scope="row">${name}</th><td class="wrap-anywhere">${value}</td></tr>`;
}

/** @param {{ event: any }} props */
function Facts({ event }) {
  const quantities = Object.entries(event.quantities).map(
    ([meter, value]) => `${integer(/** @type {any} */ (value))} ${meter}`,
  );
  return html`<table class="facts"><tbody>
    <${Fact} name="Time" value=${`${moment(event.time, zone())} (${zone()})`} />
    <${Fact} name="Subject" value=${event.subject} />
    <${Fact} name="API key" value=${event.key} />
    <${Fact} name="Provider" value=${event.provider} />
    <${Fact}
      name="Model"
      value=${event.served_model && event.served_model !== event.model ? `${event.model}, served as ${event.served_model}` : event.model}
    />
    <${Fact} name="Feature" value=${event.feature} />
    <${Fact} name="Session" value=${event.session} />
    <${Fact} name="Workflow" value=${event.workflow} />
    ${Object.entries(event.dimensions ?? {}).map(([name, value]) => html`<${Fact} key=${name} name=${name} value=${value} />`)}
    <${Fact} name="Used" value=${quantities.join(', ')} />
    <${Fact} name="Numbers" value=${/** @type {any} */ (SOURCES)[event.source] ?? event.source} />
    <${Fact}
      name="Cost"
      value=${`${exactMoney(event.cost)}, ${/** @type {any} */ (BASES)[event.cost_basis] ?? event.cost_basis}`}
    />
    ${event.provider_cost && event.provider_cost !== event.cost && html`<${Fact} name="Your cost" value=${exactMoney(event.provider_cost)} />`}
    <${Fact} name="Outcome" value=${[event.outcome, event.error_type].filter(Boolean).join(': ')} />
    <${Fact}
      name="Latency"
      value=${`${latency(event.latency_ms)}${event.queue_wait_ms > 0 ? `, after waiting ${latency(event.queue_wait_ms)}` : ''}`}
    />
  </tbody></table>`;
}

/**
 * One event as it was recorded, and its receipt line by line.
 *
 * @param {{ id: string, onClose: () => void }} props
 */
export function EventDialog({ id, onClose }) {
  const { data, error, reload } = useLoad((signal) => get(`/api/v1/usage/events/${id}`, {}, signal), [id]);
  return html`<${Dialog} wide title="Event" about=${html`<code>${id}</code>`} onClose=${onClose}>
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} lines=${8} />`}
    ${
      data &&
      html`<div class="event">
      <${Facts} event=${data} />
      ${
        data.late &&
        html`
        <p>
          <${Chip} tone="warn" icon="clock">late<//> <span class="muted">It came after its hold had expired, or dated back.</span>
        </p>
      `
      }
      ${data.receipt && html`<${Receipt} receipt=${data.receipt} cost=${data.cost} />`}
      ${data.corrections.map(
        (/** @type {any} */ one) => html`
        <section class="receipt" key=${one.time}>
          <h3>Corrected to ${exactMoney(one.cost)}</h3>
          <p class="muted">${moment(one.time)} UTC by ${one.by}: ${one.reason || 'no reason given'}</p>
        </section>
      `,
      )}
      <details><summary>As JSON</summary><pre class="json" tabindex="0">${JSON.stringify(data, null, 2)}</pre></details>
      <footer class="dialog-foot"><${Copy} text=${JSON.stringify(data, null, 2)} label="Copy JSON" /></footer>
    </div>`
    }
  <//>`;
}
