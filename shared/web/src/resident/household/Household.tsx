export function Household() {
  return null;
}
