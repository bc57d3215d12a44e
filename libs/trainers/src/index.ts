export * from './model-artifact.js';
export * from './predict.js';
export { tellApart, type ToldApartBy } from './domain-classifier/tell-apart.js';
export * from './train.js';
export { encodingOf } from './trainer-settings.js';
export type * from './training-data.js';
export type { GradientBoostingModel } from './gradient-boosting/gradient-boosting-model.js';
export type { Tree } from './gradient-boosting/tree.js';
export type { LinearModel } from './linear/linear-model.js';
