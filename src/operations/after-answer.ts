/**
 * For work that `later` is given, and that is done for some and not for others: it begins when the answer has gone, so that the
 * time of the answer says nothing of it. A store on the same machine would else do its part before.
 */
export function afterAnswer(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 0));
}
