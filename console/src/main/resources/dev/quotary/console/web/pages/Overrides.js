import { html } from '../lib/html.js';
import { send } from '../lib/api.js';
import { day, integer } from '../lib/format.js';
import { mayChange } from '../lib/session.js';
import { Card } from '../parts/Card.js';
import { Icon } from '../parts/Icon.js';
import { Empty } from '../parts/states.js';
import { tell } from '../parts/toast.js';

/** @param {any} max */
const shown = (max) => (typeof max === 'number' ? integer(max) : max);

/** @param {{ subject: any, onChanged: () => void, onAdd: () => void }} props */
export function Overrides({ subject, onChanged, onAdd }) {
  /** @param {string} limit */
  async function remove(limit) {
    try {
      await send(
        'DELETE',
        `/api/v1/subjects/${encodeURIComponent(subject.key)}/overrides/${encodeURIComponent(limit)}`,
        undefined,
        '*',
      );
      tell('The override is gone; the plan goes again.');
      onChanged();
    } catch (failure) {
      tell(failure instanceof Error ? failure.message : String(failure), 'bad');
    }
  }
  return html`<${Card}
    title="Overrides"
    about="Limits that are another for this subject"
    actions=${mayChange.value && html`<button class="button" type="button" onClick=${onAdd}><${Icon} name="plus" size=${14} />Add</button>`}
  >
    ${
      subject.overrides.length === 0
        ? html`<${Empty} icon="limits" title="None">The plan's limits go as they are.<//>`
        : html`<ul class="lines">
          ${subject.overrides.map(
            (/** @type {any} */ one) =>
              html`<li key=${one.limit}>
                <span><b>${one.limit}</b><small>${one.reason ?? 'No reason given'}</small></span>
                <span class="end">
                  <b class="number">${shown(one.max)}</b>
                  <small>${one.until ? `until ${day(one.until)}` : 'for good'}</small>
                </span>
                ${
                  mayChange.value &&
                  html`<button class="button icon plain" type="button" aria-label=${`Remove the override of ${one.limit}`} onClick=${() => remove(one.limit)}>
                  <${Icon} name="trash" size=${14} />
                </button>`
                }
              </li>`,
          )}
        </ul>`
    }
  <//>`;
}
