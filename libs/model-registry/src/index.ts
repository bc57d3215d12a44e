export { decidePromotion, decideRollback, type MoveAlias } from './decide-alias.js';
export { decideRegistration, registrationOf, type RegisterVersion, type Registration } from './decide-registration.js';
export { evolveModel, initialModel, modelDecider } from './evolve-model.js';
export { championAlias, championOf, findVersion, versionOfRun, type AliasState, type ModelState } from './model-state.js';
