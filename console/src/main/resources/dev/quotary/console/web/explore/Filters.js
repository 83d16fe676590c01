import { html, useState } from '../lib/html.js';
import { setQuery } from '../lib/router.js';
import { Icon } from '../parts/Icon.js';

const DIMENSIONS = ['model', 'provider', 'feature', 'subject', 'outcome'];

/**
 * What events have to have, one value a dimension.
 *
 * @param {{ filter: Record<string, string> }} props
 */
export function Filters({ filter }) {
  const free = DIMENSIONS.filter((dimension) => !filter[dimension]);
  const [dimension, setDimension] = useState('model');
  const [value, setValue] = useState('');
  const chosen = free.includes(dimension) ? dimension : (free[0] ?? '');
  /** @param {Event} event */
  function add(event) {
    event.preventDefault();
    if (value.trim()) {
      setQuery({ [chosen]: value.trim(), cursor: null });
      setValue('');
    }
  }
  return html`<form class="filters" onSubmit=${add}>
    ${Object.entries(filter).map(
      ([name, text]) =>
        html`<button class="filter" type="button" key=${name} aria-label=${`Take away the filter ${name} ${text}`} onClick=${() => setQuery({ [name]: null, cursor: null })}>
          <span>${name}</span><b>${text}</b><${Icon} name="close" size=${12} />
        </button>`,
    )}
    ${
      free.length > 0 &&
      html`<span class="filter-new">
      <${Icon} name="filter" size=${14} />
      <select
        aria-label="Filter by"
        value=${chosen}
        onChange=${(/** @type {any} */ event) => setDimension(event.target.value)}
      >
        ${free.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
      <input
        aria-label="Value"
        placeholder="is…"
        value=${value}
        onInput=${(/** @type {any} */ event) => setValue(event.target.value)}
      />
    </span>`
    }
  </form>`;
}
