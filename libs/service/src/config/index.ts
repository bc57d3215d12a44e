export { configurationPage } from './configuration-page.js';
export { isLoopback } from './check-rules.js';
export { loadConfig, readConfig, type ConfigReading, type ConfigSources } from './load-config.js';
export { originText, problemDetail, type ConfigProblem, type Origin } from './origin.js';
export type { ResolvedSetting } from './resolve-settings.js';
export { serviceNames, type ServiceName } from './service-name.js';
export { settings, type Setting } from './setting.js';
export { shownValue } from './shown-value.js';
