/**
 * For the WHERE of a write: whether the person of this id, which is bound at the place that is named (`?7`), runs the deployment
 * now. What they are in any account does not matter.
 */
export function operatorMay(place: string): string {
	return `EXISTS (
		SELECT 1 FROM operators JOIN people AS operator ON operator.id = operators.person_id
		WHERE operators.person_id = ${place} AND operator.state = 'active')`;
}
