/** Who is signed in to the console, and which organization is looked at. */
import { computed, signal } from './html.js';
import { callAs, get, Problem } from './api.js';

/**
 * @typedef {object} Session
 * @property {boolean} signed_in
 * @property {boolean} password_set
 * @property {boolean} [password_changeable]
 * @property {'admin' | 'read'} [role]
 * @property {string | null} [organization] whose the key is; null for the whole server
 * @property {string} [name]
 * @property {string} [csrf]
 * @property {string} [expires_at]
 */

/** @type {import('./html.js').Signal<Session | null>} */
export const session = signal(/** @type {Session | null} */ (null));
/** @type {import('./html.js').Signal<any[]>} */
export const organizations = signal(/** @type {any[]} */ ([]));
export const chosen = signal(stored());

/** The organization that is looked at, as it is declared. */
export const organization = computed(
  () => organizations.value.find((one) => one.key === chosen.value) ?? organizations.value[0] ?? null,
);

export const mayChange = computed(() => session.value?.role === 'admin');
export const wholeServer = computed(() => session.value?.signed_in === true && session.value.organization === null);

function stored() {
  try {
    return localStorage.getItem('quotary.organization') ?? '';
  } catch {
    return '';
  }
}

/** @param {string} key */
export function choose(key) {
  chosen.value = key;
  try {
    localStorage.setItem('quotary.organization', key);
  } catch {
    // Then it is asked for anew next time.
  }
}

callAs({
  headers: () =>
    /** @type {Record<string, string>} */ (session.value?.csrf ? { 'X-Quotary-Csrf': session.value.csrf } : {}),
  query: () => (wholeServer.value && organization.value ? { organization: organization.value.key } : {}),
  refused: (problem) => {
    if (problem.status === 401 && session.value?.signed_in) {
      session.value = { signed_in: false, password_set: session.value.password_set };
    }
  },
});

export async function loadSession() {
  const response = await fetch('/console/session', { credentials: 'same-origin' });
  await take(await response.json());
}

/** @param {Session} now */
async function take(now) {
  if (now.signed_in) {
    // Before anything is shown: what is shown asks about an organization.
    const answer = await get('/api/v1/organizations', { limit: 1000 });
    organizations.value = answer.organizations;
  }
  session.value = now;
}

/** @param {{ password: string } | { key: string }} proof */
export async function signIn(proof) {
  const response = await fetch('/console/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(proof),
    credentials: 'same-origin',
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Problem(response.status, answer);
  }
  await take(answer);
}

export async function signOut() {
  const response = await fetch('/console/session', { method: 'DELETE', credentials: 'same-origin' });
  session.value = await response.json();
}
