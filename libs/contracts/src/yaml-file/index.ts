export { schemaCheck, shown, type JsonSchema, type SchemaCheck } from './check-schema.js';
export { pathText, type Fault, type FaultPath } from './fault.js';
export { didYouMean, nearest, nearestFirst } from './nearest.js';
export { readYaml, type YamlFault, type YamlKind, type YamlText } from './read-yaml.js';
