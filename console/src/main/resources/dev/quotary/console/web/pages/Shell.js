import { html, useEffect, useState } from '../lib/html.js';
import { href, route } from '../lib/router.js';
import { choose, organization, organizations, session, signOut } from '../lib/session.js';
import { Icon } from '../parts/Icon.js';
import { Health } from './Health.js';
import { Palette } from './Palette.js';
import { groups } from './places.js';

/** @param {string} path */
function current(path) {
  const at = route.value.path;
  const first = groups()[0].places[0].path;
  return (at === '/' ? first : at) === path || at.startsWith(`${path}/`);
}

function Organization() {
  const one = organization.value;
  const many = organizations.value.length > 1;
  const name = one?.name ?? one?.key ?? 'No organization';
  return html`<label class="organization" data-many=${many ? '' : undefined}>
    <span class="organization-mark" aria-hidden="true">${name.charAt(0).toUpperCase()}</span>
    <span class="organization-name">
      <b>${name}</b>
      <small>${one ? (one.time_zone ?? 'UTC') : 'declare one to begin'}</small>
    </span>
    ${
      many &&
      html`<${Icon} name="chevron" />
      <select
        aria-label="Organization"
        value=${one?.key}
        onChange=${(/** @type {any} */ event) => choose(event.target.value)}
      >
        ${organizations.value.map((each) => html`<option key=${each.key} value=${each.key}>${each.name ?? each.key}</option>`)}
      </select>`
    }
  </label>`;
}

function Navigation() {
  return html`<nav aria-label="Pages">
    ${groups().map(
      (group) =>
        html`<div class="nav-group" key=${group.name}>
          <h2>${group.name}</h2>
          ${group.places.map(
            (place) =>
              html`<a key=${place.path} href=${href(place.path)} aria-current=${current(place.path) ? 'page' : undefined}>
                <${Icon} name=${place.icon} />${place.name}
              </a>`,
          )}
        </div>`,
    )}
  </nav>`;
}

function Who() {
  return html`<div class="who">
    <span>
      <b>${session.value?.name || 'API key'}</b>
      <small>${session.value?.role === 'admin' ? 'may change everything' : 'may look'}</small>
    </span>
    <button class="button icon plain" type="button" aria-label="Sign out" title="Sign out" onClick=${signOut}>
      <${Icon} name="out" />
    </button>
  </div>`;
}

/** @param {{ children?: any }} props */
export function Shell({ children }) {
  const [open, setOpen] = useState(false);
  const at = route.value;
  useEffect(() => setOpen(false), [at]);
  return html`<div class="shell" data-open=${open ? '' : undefined}>
    <a class="skip" href="#main">Skip to the content</a>
    <aside class="side">
      <div class="side-top">
        <a class="brand" href="/console"><span class="brand-mark" aria-hidden="true"></span><b>Quotary</b></a>
        <button
          class="button icon menu"
          type="button"
          aria-label="Menu"
          aria-expanded=${open}
          onClick=${() => setOpen(!open)}
        >
          <${Icon} name=${open ? 'close' : 'menu'} />
        </button>
      </div>
      <div class="side-rest">
        <${Organization} />
        <${Palette} />
        <${Navigation} />
        <${Health} />
        <${Who} />
      </div>
    </aside>
    <main id="main" tabindex="-1">${children}</main>
  </div>`;
}
