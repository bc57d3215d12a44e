/**
 * How many batches a WindowFrozen or DataIngested event lists: the new ones always, of the others the newest. A list of
 * this length or longer may lack some.
 */
export const listedBatches = 300;
