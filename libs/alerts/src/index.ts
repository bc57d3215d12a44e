export * from './deliver-alerts.js';
export type { Deliverer } from './sink-role.js';
