import { FindingSeverity, RefitError, type ListProposalsRequest, type ProposalState } from '@refit/contracts';
import { proposalStatuses } from '@refit/data-validation';

const severities: Readonly<Record<string, FindingSeverity>> = { failure: FindingSeverity.FAILURE, warning: FindingSeverity.WARNING };

/** Those that wait for a person, also where deciding is not what is to be done. */
const undecided = 'undecided';

/** Which proposals are asked for; what is empty is not asked. @throws RefitError REQUEST_INVALID for a status or severity that there is not */
export function proposalFilter({ status, severity, column, kind, batch, runId }: ListProposalsRequest): (proposal: ProposalState) => boolean {
  requireOneOf('status', status, [...proposalStatuses, undecided]);
  requireOneOf('severity', severity, Object.keys(severities));
  const asks = (wanted: string, found: string | undefined) => wanted === '' || wanted === found;
  return (proposal) =>
    (status === undecided ? ['open', 'finding'].includes(proposal.status) : asks(status, proposal.status)) && asks(runId, proposal.runId) && asks(column, proposal.anomaly?.column) && asks(kind, proposal.anomaly?.kind) && asks(batch, proposal.anomaly?.batch)
    && (severity === '' || proposal.anomaly?.severity === severities[severity]);
}

function requireOneOf(field: string, value: string, known: readonly string[]): void {
  if (value === '' || known.includes(value)) return;
  throw new RefitError('REQUEST_INVALID', `${field} is ${JSON.stringify(value.slice(0, 50))}; it must be one of ${known.join(', ')}`);
}
