import type { LabelDefinition } from '@refit/transforms';

/** Why two models can not be measured by the same answers; undefined when they can. */
export function incomparableBecause(challenger: LabelDefinition, champion: LabelDefinition): string | undefined {
  if (champion.task !== challenger.task) return `it is a model for ${champion.task}, this one for ${challenger.task}`;
  if (describeLabel(champion) !== describeLabel(challenger)) return `it predicts ${describeLabel(champion)}, this one ${describeLabel(challenger)}`;
  if (champion.classes.join('\n') !== challenger.classes.join('\n')) {
    return `it tells apart ${listClasses(champion)}, this one ${listClasses(challenger)}`;
  }
  return undefined;
}

const describeLabel = ({ column, above }: LabelDefinition): string => (above === undefined ? column : `${column} > ${above}`);

function listClasses({ classes }: LabelDefinition): string {
  const shown = 5;
  const more = classes.length > shown ? ` and ${classes.length - shown} more` : '';
  return `${classes.slice(0, shown).join(', ')}${more}`;
}
