export * from './artifact-store.js';
export * from './folder/folder-artifact-store.js';
