export * from './deliver-alerts.js';
