import { eventTypes } from '@refit/contracts';

/** The topic that carries an event type, after its package: `refit.run.v1.ModelTrained` → `refit.run`. */
export const topicOf = (type: string): string => type.split('.').slice(0, 2).join('.');

/** One for each package of events, that is for each kind of stream; dead letters go with the triggers. */
export const eventTopics: readonly string[] = [...new Set(eventTypes.map(topicOf))];

/** Others write to these, Refit reads them. */
export const outsideTopics: readonly string[] = ['refit.data-arrivals', 'refit.decay-signals'];
