import { wrong, type ConfigRule } from './config-rule.js';

const ofKurrentDb = ['store.url', 'store.username', 'store.password', 'store.passwordFile', 'store.caFile'];

/** KurrentDB is named whole, or not at all. */
export const checkStore: readonly ConfigRule[] = [
  {
    reads: ['store.kind', 'store.url'],
    check: (values) => (values.text('store.kind') === 'kurrentdb' && values.text('store.url') === undefined ? [wrong(values, 'store.kind', 'kurrentdb needs `store.url`, such as kurrentdb://localhost:2113?tls=false')] : []),
  },
  {
    reads: ['store.kind'],
    check: (values) => {
      if (values.isGiven('store.kind')) return []; // somebody chose, and what is left of another choice does no harm
      return ofKurrentDb.filter((path) => values.isGiven(path) && values.isValid(path)).slice(0, 1).map((path) => wrong(values, path, 'is of KurrentDB, and the store is a SQLite file: set `store.kind: kurrentdb`, or remove it'));
    },
  },
  {
    reads: ['store.username', 'store.password'],
    check: (values) => {
      const [username, password] = [values.text('store.username'), values.text('store.password')];
      if (username !== undefined && password === undefined) return [wrong(values, 'store.username', 'needs `store.password` too, or `store.passwordFile`')];
      return password !== undefined && username === undefined ? [wrong(values, 'store.password', 'needs `store.username` too')] : [];
    },
  },
  {
    reads: ['store.url', 'store.username'],
    check: (values) => {
      const url = values.text('store.url');
      if (url === undefined) return [];
      if (/:\/\/[/?#]|:\/\/$/.test(url)) return [wrong(values, 'store.url', 'names no host')];
      return values.text('store.username') !== undefined && /:\/\/[^/?#]*@/.test(url) ? [wrong(values, 'store.username', 'the connection string has a username already; keep one of them')] : [];
    },
  },
];
