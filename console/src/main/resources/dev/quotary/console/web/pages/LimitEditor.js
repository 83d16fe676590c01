import { html } from '../lib/html.js';
import { Field } from '../parts/Field.js';
import { Icon } from '../parts/Icon.js';

const WINDOWS = ['minute', 'hour', 'day', 'week', 'month', 'billing-period', 'lifetime', 'in-flight'];
const SCOPES = ['subject', 'organization', 'key', 'session', 'workflow', 'network'];
const ACTIONS = [
  ['block', 'refuse'],
  ['throttle', 'slow down'],
  ['queue', 'wait'],
  ['overage', 'allow overage'],
  ['shadow', 'only report'],
];
const METERS = ['requests', 'tokens', 'tokens.input', 'tokens.output', 'cost'];

/** @param {Record<string, string> | undefined} where */
const written = (where) =>
  Object.entries(where ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** @param {string} text such as `provider=openai, model=gpt-4*` */
function read(text) {
  const pairs = text
    .split(',')
    .map((pair) => pair.split('=').map((part) => part.trim()))
    .filter(([name, value]) => name && value);
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/**
 * One limit in a plan; what it does not show stays as it is.
 *
 * @param {{ limit: any, error: string, onChange: (limit: any) => void }} props nothing takes the limit out
 */
export function LimitEditor({ limit, error, onChange }) {
  /** @param {Record<string, unknown>} changes */
  function change(changes) {
    const next = { ...limit, ...changes };
    for (const [name, value] of Object.entries(next)) {
      if (value === undefined) {
        delete next[name];
      }
    }
    onChange(next);
  }
  /** @param {string} action */
  function changeAction(action) {
    change({ exceeded: action === 'block' ? undefined : { action } });
  }
  /** @param {string} name @param {string[][]} options @param {string} value @param {(value: string) => void} take */
  const choice = (name, options, value, take) =>
    html`<${Field} label=${name}>
      ${(/** @type {any} */ ids) =>
        html`<select ...${ids} value=${value} onChange=${(/** @type {any} */ event) => take(event.target.value)}>
          ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text ?? key}</option>`)}
        </select>`}
    <//>`;
  return html`<fieldset class="limit-editor">
    <legend class="unseen">Limit ${limit.key}</legend>
    <div class="limit-editor-grid">
      <${Field} label="Key">
        ${(/** @type {any} */ ids) =>
          html`
            <input
              ...${ids}
              value=${limit.key}
              required
              placeholder="daily-requests"
              onInput=${(/** @type {any} */ event) => change({ key: event.target.value })}
            />
          `}
      <//>
      <${Field} label="Meter">
        ${(/** @type {any} */ ids) =>
          html`<input ...${ids} value=${limit.meter} required list="meters" onInput=${(/** @type {any} */ event) => change({ meter: event.target.value })} />
            <datalist id="meters">${METERS.map((meter) => html`<option key=${meter} value=${meter}></option>`)}</datalist>`}
      <//>
      <${Field} label=${limit.meter === 'cost' ? 'Maximum, dollars' : 'Maximum'}>
        ${(/** @type {any} */ ids) =>
          html`
            <input
              ...${ids}
              value=${String(limit.max)}
              required
              onInput=${(/** @type {any} */ event) => change({ max: event.target.value })}
            />
          `}
      <//>
      ${choice(
        'Window',
        WINDOWS.map((one) => [one]),
        limit.window,
        (window) => change({ window }),
      )}
      ${choice(
        'Counts per',
        SCOPES.map((one) => [one]),
        limit.per ?? 'subject',
        (per) => change({ per }),
      )}
      ${choice('Without room', ACTIONS, limit.exceeded?.action ?? 'block', changeAction)}
      <${Field} label="Only where">
        ${(/** @type {any} */ ids) =>
          html`
            <input
              ...${ids}
              value=${written(limit.where)}
              placeholder="model=gpt-4*"
              onChange=${(/** @type {any} */ event) => change({ where: read(event.target.value) })}
            />
          `}
      <//>
      <button
        class="button icon plain"
        type="button"
        aria-label=${`Take out ${limit.key || 'this limit'}`}
        onClick=${() => onChange(null)}
      >
        <${Icon} name="trash" />
      </button>
    </div>
    ${error && html`<p class="limit-error" role="alert">${error}</p>`}
  </fieldset>`;
}
