/** Every page of the console: where it is, what it is called, who may see it. */
import { mayChange } from '../lib/session.js';
import { AuditLog } from './AuditLog.js';
import { Events } from './Events.js';
import { Explorer } from './Explorer.js';
import { Keys } from './Keys.js';
import { Overview } from './Overview.js';
import { Plans } from './Plans.js';
import { Prices } from './Prices.js';
import { Report } from './Report.js';
import { Subject } from './Subject.js';
import { Subjects } from './Subjects.js';
import { System } from './System.js';

/**
 * @typedef {object} Place
 * @property {string} path
 * @property {string} name
 * @property {string} icon
 * @property {any} page
 * @property {() => boolean} [allowed]
 */

/** @type {{ name: string, places: Place[] }[]} */
const GROUPS = [
  {
    name: 'Observe',
    places: [
      { path: '/overview', name: 'Overview', icon: 'overview', page: Overview },
      { path: '/explorer', name: 'Explorer', icon: 'explore', page: Explorer },
      { path: '/events', name: 'Events', icon: 'events', page: Events },
      { path: '/subjects', name: 'Subjects', icon: 'subjects', page: Subjects },
      { path: '/report', name: 'Monthly report', icon: 'print', page: Report },
    ],
  },
  {
    name: 'Control',
    places: [
      { path: '/plans', name: 'Plans and limits', icon: 'limits', page: Plans },
      { path: '/keys', name: 'API keys', icon: 'key', page: Keys, allowed: () => mayChange.value },
      { path: '/prices', name: 'Prices', icon: 'price', page: Prices },
    ],
  },
  {
    name: 'Operate',
    places: [
      { path: '/audit-log', name: 'Audit log', icon: 'log', page: AuditLog, allowed: () => mayChange.value },
      { path: '/system', name: 'System', icon: 'system', page: System },
    ],
  },
];

export function groups() {
  return GROUPS.map((group) => ({
    ...group,
    places: group.places.filter((place) => place.allowed?.() ?? true),
  })).filter((group) => group.places.length > 0);
}

/**
 * @param {string} path below the console
 * @returns {{ page: any, key: string, props: Record<string, string> } | null}
 */
export function pageAt(path) {
  const places = groups().flatMap((group) => group.places);
  const wanted = path === '/' ? places[0].path : path;
  const place = places.find((one) => one.path === wanted);
  if (place) {
    return { page: place.page, key: place.path, props: {} };
  }
  const subject = /^\/subjects\/([^/]+)$/.exec(path);
  if (subject) {
    const id = decodeURIComponent(subject[1]);
    return { page: Subject, key: path, props: { id } };
  }
  return null;
}
